import { plain } from '../domain/overview/plain.js';
import type { Io } from './command.js';
import type { Option } from './option.js';
import type { Words } from './words.js';

export const FORMAT: Option = { name: 'format', kind: 'value', choices: ['text', 'json'], summary: 'text by default' };
export const QUIET: Option = { name: 'quiet', kind: 'flag', summary: 'no progress, no notes: results and errors only' };

/** The result in the way that was asked for: as JSON on one line, or as text. */
export function print({ values }: Words, io: Io, value: object, text: () => string): void {
  io.out(values['format'] === 'json' ? `${JSON.stringify(value)}\n` : text());
}

/** What people should know and no program reads; not where quiet was asked for. */
export function note({ flags }: Words, io: Io, text: string): void {
  if (!flags.has('quiet')) io.err(`${plain(text)}\n`);
}

/** What goes on, for those who watch: one line, written over, and gone when it is over. */
export interface Progress {
  say(text: string): void;
  end(): void;
}

export function progressOf({ flags }: Words, io: Io): Progress {
  if (flags.has('quiet') || !io.terminal.has('err')) return { say: () => undefined, end: () => undefined };
  return { say: (text) => io.err(`\r\u001b[K${plain(text)}`), end: () => io.err('\r\u001b[K') };
}

const COLOURS = { '+': 32, '-': 31, '~': 33 } as const;

/**
 * Lines of a change with the colour of what they begin with, on a terminal that wants colours. https://no-color.org
 * @example painted('+ a -> b TCP 80', io) // in green
 */
export function painted(text: string, io: Io): string {
  const lines = text.split('\n').map((line) => indentOf(line) + plain(line));
  if (!io.terminal.has('out') || (io.env['NO_COLOR'] ?? '') !== '' || io.env['TERM'] === 'dumb')
    return lines.join('\n');
  return lines.map((line) => paint(line, COLOURS[line.charAt(0) as keyof typeof COLOURS])).join('\n');
}

/** The blanks that a line begins with; of what else there is, `plain` says what may be shown. */
function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function paint(line: string, colour: number | undefined): string {
  return colour === undefined ? line : `\u001b[${colour}m${line}\u001b[0m`;
}

/**
 * Rows below a head, each column as wide as what is in it.
 * @example table(['CLUSTER', 'VERSION'], [['eu-1', '7']]) // 'CLUSTER  VERSION\neu-1     7\n'
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd();
  return all.map((row) => `${lineOf(row)}\n`).join('');
}

/** How long ago something was: '3 days', '2 hours', 'less than a minute'. */
export function ageOf(since: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(since)) / 60_000);
  if (!(minutes >= 1)) return 'less than a minute';
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2_880
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1_440), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
