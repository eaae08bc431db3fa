import { SUMMARY_HEADERS, type SummaryRow } from '../summary.js';
import { COLUMNS, columnsOf, padded, wrap } from './columns.js';

/** The last column is as wide as the contract's example, where no cell is wider. */
const NARROWEST = [0, 0, 25] as const;
const WIDEST = [36, 24] as const;
/** A space at which no line is broken. */
const GLUE = '\u00a0';

/**
 * Draws the summary as a table. A cell that is too long goes on in the lines below it.
 * @example drawTable([['database', '3306', 'None (acts as endpoint)']])[0] // 'Pod      | Ingress Port | Egress Target'
 */
export function drawTable(rows: readonly SummaryRow[]): string[] {
  const widths = columnWidths(rows);
  const rule = widths.map((width, column) => '-'.repeat(width + (column === 1 ? 2 : 1))).join('|');
  return [...rowLines(SUMMARY_HEADERS, widths), rule, ...rows.flatMap((row) => rowLines(row, widths))];
}

function columnWidths(rows: readonly SummaryRow[]): number[] {
  const wanted = SUMMARY_HEADERS.map((header, column) => {
    return Math.max(NARROWEST[column] ?? 0, columnsOf(header), ...rows.map((row) => columnsOf(row[column] ?? '')));
  });
  const first = Math.min(WIDEST[0], wanted[0] ?? 0);
  const second = Math.min(WIDEST[1], wanted[1] ?? 0);
  return [first, second, Math.min(COLUMNS - first - second - 6, wanted[2] ?? 0)];
}

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, column) =>
    wrap(glued(cell), widths[column] ?? COLUMNS).map((line) => line.replaceAll(GLUE, ' ')),
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const texts = cells.map((lines, column) => padded(lines[line] ?? '', widths[column] ?? 0));
    return texts.join(' | ').trimEnd();
  });
}

/** `backend (port 3000)` stays on one line. */
function glued(cell: string): string {
  return cell.replace(/ \((ports?) /g, `${GLUE}($1${GLUE}`);
}
