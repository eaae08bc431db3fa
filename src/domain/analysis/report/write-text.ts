import { plain } from '../../overview/plain.js';
import type { Report } from './report.js';

/** One sentence a line; nothing in a name makes two lines of it, or moves the cursor of a terminal. Empty where there is none. */
export function writeText({ lines }: Report): string {
  return lines()
    .map((line) => `${indentOf(line)}${plain(line)}\n`)
    .join('');
}

function indentOf(line: string): string {
  return line.startsWith('  ') ? '  ' : '';
}
