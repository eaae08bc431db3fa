/** The widest line of a text overview: fits a terminal beside an editor, a pull request and a log viewer. */
export const COLUMNS = 100;

/** East Asian wide and full-width characters and pictographs take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{10000}-\u{10ffff}]/u;

/** Columns a text takes at most; a mark that joins the letter before it is counted too, for terminals that do not join. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** Filled up with spaces on the right. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Filled up with spaces on both sides, the odd one on the right. */
export function centred(text: string, columns: number): string {
  const left = Math.max(0, Math.floor((columns - columnsOf(text)) / 2));
  return padded(' '.repeat(left) + text, columns);
}

/**
 * Lines of at most `columns`: broken at spaces, a longer word after `/` or `-`, else anywhere. Nothing is lost.
 * @example wrap('one two three', 8) // ['one two', 'three']
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, columns))) {
    const joined = line === '' ? word.text : `${line}${word.glued ? '' : ' '}${word.text}`;
    if (line !== '' && columnsOf(joined) > columns) {
      lines.push(line);
      line = word.text;
    } else line = joined;
  }
  return [...lines, line].map((one) => one.trimEnd());
}

interface Piece {
  readonly text: string;
  /** Follows the piece before it without a space. */
  readonly glued: boolean;
}

function pieces(word: string, columns: number): Piece[] {
  if (columnsOf(word) <= columns) return [{ text: word, glued: false }];
  const parts = word.split(/(?<=[/-])/u).flatMap((part) => chopped(part, columns));
  return parts.map((text, index) => ({ text, glued: index > 0 }));
}

function chopped(text: string, columns: number): string[] {
  const parts = [''];
  for (const character of text) {
    const last = parts.at(-1) ?? '';
    if (columnsOf(last + character) <= columns) parts[parts.length - 1] = last + character;
    else parts.push(character);
  }
  return parts;
}

/** Wrapped, with `spaces` before every line but the first. The text's own spaces at its start stay. */
export function indented(text: string, spaces: number): string[] {
  if (columnsOf(text) <= COLUMNS) return [text];
  const start = /^ */u.exec(text)?.[0] ?? '';
  const [first = '', ...rest] = wrap(text.slice(start.length), COLUMNS - Math.max(spaces, start.length));
  return [start + first, ...rest.map((line) => ' '.repeat(spaces) + line)];
}
