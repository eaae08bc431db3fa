import type { NetworkPolicy } from '../kubernetes/network-policy.js';

/**
 * NetworkPolicies as JSON, made of the YAML that writeYaml wrote of them: the items of a list, a comma between them, as JSON.stringify has
 * the objects that were rendered. Knows what that writer writes and nothing else of YAML: block style, a list deeper than its key, strings
 * plain or as JSON has them, numbers of digits alone. Refuses (throws) what does not start with a document.
 * @example jsonOfYaml(Buffer.from('---\nkind: NetworkPolicy\n')) // '{"kind":"NetworkPolicy"}'
 */
export function jsonOfYaml(yaml: Uint8Array): string {
  const text = Buffer.from(yaml.buffer, yaml.byteOffset, yaml.byteLength).toString();
  let json = '';
  const open: Container[] = [];
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (text.startsWith(DOCUMENT, at)) json += json === '' ? '' : `${closed(open, -1)},`;
    else json += lineOf(text, at, end, open);
  }
  return json + closed(open, -1);
}

/** The objects that writeYaml wrote. */
export function policiesOfYaml(yaml: Uint8Array): NetworkPolicy[] {
  return JSON.parse(`[${jsonOfYaml(yaml)}]`) as NetworkPolicy[];
}

const DOCUMENT = '---';
const [SPACE, QUOTE, DASH, BACKSLASH] = [0x20, 0x22, 0x2d, '\\'];

/** A map or list whose end was not seen yet; the outermost stands first. */
interface Container {
  readonly column: number;
  readonly close: '}' | ']';
}

/** What a line adds, which stands from `at` to `end`. */
function lineOf(text: string, at: number, end: number, open: Container[]): string {
  let from = at;
  while (text.charCodeAt(from) === SPACE) from++;
  let json = closed(open, from - at);
  while (text.charCodeAt(from) === DASH && text.charCodeAt(from + 1) === SPACE) {
    json += entered(open, from - at, ']');
    from += 2;
  }
  const colon = colonOf(text, from, end);
  if (colon === -1) return json + valueOf(text.slice(from, end));
  json += `${entered(open, from - at, '}')}${keyOf(text.slice(from, colon))}:`;
  return colon + 1 === end ? json : json + valueOf(text.slice(colon + 2, end));
}

/** Closes what is deeper than a column. */
function closed(open: Container[], column: number): string {
  let json = '';
  for (let last = open.at(-1); last !== undefined && last.column > column; last = open.at(-1)) {
    json += last.close;
    open.pop();
  }
  return json;
}

/** The next entry of the container at a column, or its first. */
function entered(open: Container[], column: number, close: '}' | ']'): string {
  if (open.at(-1)?.column === column) return ',';
  open.push({ column, close });
  return close === '}' ? '{' : '[';
}

/** Where the key of a line ends; -1 where it has none. A plain string holds no colon. */
function colonOf(text: string, from: number, end: number): number {
  let start = from;
  if (text.charCodeAt(from) === QUOTE) {
    start = from + 1;
    while (text.charCodeAt(start) !== QUOTE) start += text[start] === BACKSLASH ? 2 : 1;
  }
  const colon = text.indexOf(':', start);
  return colon === -1 || colon >= end ? -1 : colon;
}

function keyOf(text: string): string {
  return text.charCodeAt(0) === QUOTE ? stringOf(text) : `"${text}"`;
}

function valueOf(text: string): string {
  if (text.charCodeAt(0) === QUOTE) return stringOf(text);
  return text === '{}' || text === '[]' || /^\d+$/.test(text) ? text : `"${text}"`;
}

/** YAML has escapes where JSON has none. */
function stringOf(quoted: string): string {
  return quoted.includes(BACKSLASH) ? JSON.stringify(JSON.parse(quoted)) : quoted;
}
