/** Where a reader of lines stands in a text: on a line that says something, at what is left of it. Moved by `advance` and by whoever reads. */
export interface Lines {
  readonly text: string;
  /** Behind the last character to be read. */
  readonly end: number;
  /** Where what is left of this line begins, and where it ends without the spaces behind it. */
  at: number;
  stop: number;
  /** How many characters stand before `at` on its line; -1 behind the last line. */
  column: number;
  /** Where the next line begins. */
  next: number;
}

const SPACE = 0x20;
const HASH = 0x23;
const MINUS = 0x2d;
const COLON = 0x3a;
const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;

/** The lines of `text` between two offsets, on the first that says something. */
export function linesOf(text: string, from: number, end: number): Lines {
  const lines = { text, end, at: from, stop: from, column: -1, next: from };
  advance(lines);
  return lines;
}

/** On to the next line that is neither empty nor a comment. */
export function advance(lines: Lines): void {
  const { text, end } = lines;
  for (let from = lines.next; from < end; from = lines.next) {
    const at = behindSpaces(text, from);
    const feed = text.indexOf('\n', at);
    const stop = feed < 0 ? end : feed;
    lines.next = stop + 1;
    if (at >= stop || text.charCodeAt(at) === HASH) continue;
    lines.at = at;
    lines.column = at - from;
    lines.stop = stop;
    while (text.charCodeAt(lines.stop - 1) === SPACE) lines.stop--;
    return;
  }
  lines.at = lines.stop = end;
  lines.column = -1;
}

/** On to `at` of the same line, and over the spaces there. */
export function moveTo(lines: Lines, at: number): void {
  const then = Math.min(behindSpaces(lines.text, at), lines.stop);
  lines.column += then - lines.at;
  lines.at = then;
}

/** What is left of the line begins with the sign of a list item. */
export function atItem({ text, at, stop }: Lines): boolean {
  return text.charCodeAt(at) === MINUS && (at + 1 === stop || text.charCodeAt(at + 1) === SPACE);
}

/** Where the colon stands that ends the key at the beginning of what is left of the line; -1 where there is none. */
export function keyEnd({ text, at, stop }: Lines): number {
  const first = text.charCodeAt(at);
  const quoted =
    first === DOUBLE ? doubleQuoteEnd(text, at, stop) : first === SINGLE ? singleQuoteEnd(text, at, stop) : 0;
  if (quoted !== 0) return endsKey(text, quoted, stop) ? quoted : -1;
  for (let here = at; here < stop; here++) if (endsKey(text, here, stop)) return here;
  return -1;
}

function endsKey(text: string, at: number, stop: number): boolean {
  return text.charCodeAt(at) === COLON && (at + 1 === stop || text.charCodeAt(at + 1) === SPACE);
}

/** Behind the quote that ends the scalar at `at`; -1 where none does on this line. */
function doubleQuoteEnd(text: string, at: number, stop: number): number {
  for (let here = at + 1; here < stop; here++) {
    const code = text.charCodeAt(here);
    if (code === BACKSLASH) here++;
    else if (code === DOUBLE) return here + 1;
  }
  return -1;
}

function singleQuoteEnd(text: string, at: number, stop: number): number {
  for (let here = at + 1; here < stop; here++) {
    if (text.charCodeAt(here) !== SINGLE) continue;
    if (text.charCodeAt(here + 1) !== SINGLE) return here + 1;
    here++;
  }
  return -1;
}

function behindSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}
