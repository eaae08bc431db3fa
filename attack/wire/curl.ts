import type { Ask } from './client.js';

const SHOWN_MAX = 2_000;

/**
 * A request as a line for a shell, with `$URL` and `$TOKEN` for what is the reader's own.
 * @example curlOf({ method: 'GET', path: '/v1/teams', headers: {} }) // curl -sSi --path-as-is -X GET -H "Authorization: Bearer $TOKEN" "$URL"'/v1/teams'
 */
export function curlOf({ method, path, headers, body }: Ask): string {
  const named = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const token = 'authorization' in headers ? [] : ['-H "Authorization: Bearer $TOKEN"'];
  const sent = body === undefined ? [] : [`--data-binary ${quoted(body.toString('utf8'))}`];
  const words = [
    `curl -sSi --path-as-is -X ${method}`,
    ...token,
    ...named.map((line) => `-H ${quoted(line)}`),
    ...sent,
  ];
  return `${words.join(' ')} "$URL"${quoted(path)}`;
}

/** What is not printable is written as bash reads it: $'\x00'. */
function quoted(text: string): string {
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...(${text.length} characters)` : text;
  if (/^[\x20-\x7e]*$/.test(shown)) return `'${shown.replaceAll("'", `'\\''`)}'`;
  const bytes = [...Buffer.from(shown)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return `$'${bytes.join('')}'`;
}
