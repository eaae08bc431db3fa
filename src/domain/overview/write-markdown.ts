import type { FlowLine, OverviewModel } from './overview-model.js';
import { summary, SUMMARY_HEADERS } from './summary.js';
import { counts, flowInWords } from './words.js';
import { writeMermaid } from './write-mermaid.js';

/**
 * The overview as Markdown: a Mermaid diagram, each flow in a sentence, the summary table.
 * @example writeMarkdown(overview(snapshot))
 */
export function writeMarkdown(model: OverviewModel): string {
  const blocks = [
    `# Overview of ${model.environment}`,
    `${counts(model)}.`,
    `\`\`\`mermaid\n${writeMermaid(model)}\`\`\``,
    section('Flows', model.flows.map(sentenceOf(model))),
    `## Summary\n\n${table([SUMMARY_HEADERS, SUMMARY_HEADERS.map(() => '---'), ...summary(model).map((row) => row.map(escaped))])}`,
    section('Beside the flows', model.notes.map(escaped)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function table(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function sentenceOf(model: OverviewModel): (flow: FlowLine) => string {
  const boxes = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box]));
  return (flow) => {
    const [from, to] = [boxes.get(flow.from), boxes.get(flow.to)];
    if (from === undefined || to === undefined) return '';
    const [lead = '', ...sentences] = flowInWords(flow, from, to);
    return `\`${lead.slice(0, -1)}\`: ${escaped(sentences.join(' '))}`;
  };
}

/** Text that Markdown must not read as markup: https://spec.commonmark.org/0.31.2/#backslash-escapes */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!&~$]/g, (character) => `\\${character}`);
}
