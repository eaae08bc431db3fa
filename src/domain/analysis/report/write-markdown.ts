import { plain } from '../../overview/plain.js';
import { escaped } from '../../overview/write-markdown.js';
import type { Report } from './report.js';

/** A heading, a table, and the findings as a list. */
export function writeMarkdown({ title, headers, rows, findings }: Report): string {
  const table = [headers, headers.map(() => '---'), ...rows().map((row) => row.map(cell))];
  const list = findings.map(
    ({ severity, code, path, message }) => `- ${severity} ${cell(`${code} ${path}: ${message}`)}`,
  );
  const blocks = [
    `# ${cell(title)}`,
    table.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ...(list.length === 0 ? [] : ['## Findings', list.join('\n')]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function cell(text: string): string {
  return escaped(plain(text));
}
