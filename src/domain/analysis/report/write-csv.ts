import type { Report } from './report.js';

/**
 * A table by RFC 4180: a header, CRLF, and quotes around what has a comma, a quote, a line break or space at an end. Findings
 * have no place in it.
 * @example writeCsv(connectionsReport({ connections: [{ src: 'a', dst: 'b', conn: 'TCP 80,81' }], findings: [] })) // 'src,dst,conn\r\na,b,"TCP 80,81"\r\n'
 */
export function writeCsv({ headers, rows }: Report): string {
  return [headers, ...rows()].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
