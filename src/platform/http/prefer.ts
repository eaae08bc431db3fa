/** How long a request may wait for something new at most. */
export const WAIT_MAX_SECONDS = 60;

const IS_WAIT = /^wait[ \t]*([=;]|$)/i;
const WAIT = /^wait[ \t]*=[ \t]*("?)([0-9]+)\1[ \t]*(;|$)/i;

/**
 * The seconds of the preference `wait` (RFC 7240 section 4.3), at most sixty; nothing where there is none, or none that can be read. Of two the
 * first one counts.
 * @example readWait('respond-async, wait=100') // 60
 */
export function readWait(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const preference = preferences(String(header)).find((text) => IS_WAIT.test(text));
  const [, , seconds] = WAIT.exec(preference ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), WAIT_MAX_SECONDS);
}

/** Divided by commas, but for those in quoted strings (RFC 9110 section 5.6). */
function preferences(header: string): string[] {
  const found: string[] = [];
  let [from, quoted] = [0, false];
  for (let at = 0; at < header.length; at++) {
    const character = header[at];
    if (character === '"') quoted = !quoted;
    else if (character === '\\' && quoted) at++;
    else if (character === ',' && !quoted) {
      found.push(header.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...found, header.slice(from).trim()];
}
