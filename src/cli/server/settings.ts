import { readFileSync } from 'node:fs';
import { SluiceError } from '../../domain/errors.js';
import { readPublicKeys, type ReleaseKey } from '../../domain/release/public-key.js';
import type { Io } from '../command.js';
import type { Option } from '../option.js';
import type { Words } from '../words.js';
import type { Connection } from './ask.js';
import { readLogins } from './logins.js';

export const TIMEOUT: Option = {
  name: 'timeout',
  kind: 'value',
  value: '<seconds>',
  summary: 'for one answer of the server; 60 by default',
};
export const KEY: Option = {
  name: 'key',
  kind: 'value',
  value: '<file>',
  summary: 'the public key, or keys, to verify with: PEM; instead of SLUICE_KEY and of the pinned ones',
};

/** Where all that asks a server finds it. */
export const SERVER_HELP = `The server is the one of the last sluice login, or SLUICE_URL with SLUICE_TOKEN.`;

/** The server that is meant, and the token for it. A kept token goes to no other server than that which it was kept for. */
export function connectionOf(words: Words, io: Io): Connection {
  const url = urlOf(io);
  if (url === undefined)
    throw new SluiceError('malformed', 'no server is known: sluice login <url>, or say SLUICE_URL');
  const given = io.env['SLUICE_TOKEN'];
  const token = given === undefined || given === '' ? known(io, url)?.token : given.trim();
  if (token === undefined)
    throw new SluiceError('malformed', `there is no token for ${url}: sluice login ${url}, or say SLUICE_TOKEN`);
  return { url, token, timeout: timeoutOf(words), io };
}

/** The keys to verify with: there is no verifying without. */
export function keysOf({ values }: Words, io: Io): ReleaseKey[] {
  const file = values['key'];
  if (file !== undefined) return readPublicKeys(readKeyFile(file), file);
  const given = io.env['SLUICE_KEY'];
  if (given !== undefined && given !== '')
    return given.includes('-----BEGIN')
      ? readPublicKeys(given.replaceAll('\\n', '\n'), 'SLUICE_KEY')
      : given.split(',').flatMap((path) => readPublicKeys(readKeyFile(path.trim()), path.trim()));
  const url = urlOf(io);
  const pinned = url === undefined ? [] : (known(io, url)?.keys ?? []);
  if (pinned.length > 0) return pinned.flatMap((pem) => readPublicKeys(pem, `the pinned key of ${url ?? ''}`));
  throw new SluiceError(
    'malformed',
    'there is no key to verify with: --key <file>, SLUICE_KEY, or sluice login, which pins the keys',
  );
}

export function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SluiceError('malformed', `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
}

/**
 * The address of a server as it is kept: scheme, host and port. Refuses (malformed) any other, also one with a password in it.
 * @example serverUrl('https://sluice.example.com/') // 'https://sluice.example.com'
 */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username + url.password === '';
  if (plain && url.search + url.hash === '') return url.origin;
  throw new SluiceError(
    'malformed',
    `${JSON.stringify(text)} is no address of a server: use https://host[:port], and nothing behind it`,
  );
}

export function timeoutOf({ values }: Words): number {
  const text = values['timeout'] ?? '60';
  const seconds = Number(text);
  if (/^\d{1,4}$/.test(text) && seconds > 0) return seconds * 1_000;
  throw new SluiceError('malformed', `--timeout ${JSON.stringify(text)}: use 1 to 9999 seconds`);
}

function urlOf(io: Io): string | undefined {
  const given = io.env['SLUICE_URL'];
  return given === undefined || given === '' ? readLogins(io).current : serverUrl(given);
}

function known(io: Io, url: string) {
  const { servers } = readLogins(io);
  return Object.hasOwn(servers, url) ? servers[url] : undefined;
}
