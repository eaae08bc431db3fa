import type { FlowLine, OverviewModel } from './overview-model.js';
import { summary } from './summary.js';
import { COLUMNS, columnsOf, indented, wrap } from './text/columns.js';
import { drawTable } from './text/draw-table.js';
import { drawing } from './text/drawing.js';
import { counts, flowInWords } from './words.js';

/**
 * The overview as a terminal shows it: boxes and arrows, each flow in a sentence, the summary table. No line is wider than 100
 * columns, whatever the names are, and nothing in it can steer the terminal.
 * @example writeText(overview(snapshot))
 */
export function writeText(model: OverviewModel): string {
  const sections = [
    wrap(counts(model), COLUMNS),
    drawing(model),
    titled('Flows', model.flows.flatMap(sentenceOf(model))),
    titled('Summary', drawTable(summary(model))),
    titled(
      'Beside the flows',
      model.notes.flatMap((note) => indented(`- ${note}`, 2)),
    ),
  ];
  const texts = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, '-'.repeat(title.length), ...lines];
}

/** Who, what and why on one line where they fit, else each on its own. */
function sentenceOf(model: OverviewModel): (flow: FlowLine) => string[] {
  const boxes = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box]));
  return (flow) => {
    const [from, to] = [boxes.get(flow.from), boxes.get(flow.to)];
    if (from === undefined || to === undefined) return [];
    const lines: string[] = [];
    for (const part of flowInWords(flow, from, to)) {
      const joined = `${lines.at(-1) ?? ''} ${part}`;
      if (lines.length > 0 && columnsOf(joined) <= COLUMNS) lines[lines.length - 1] = joined;
      else lines.push(lines.length === 0 ? part : `  ${part}`);
    }
    return lines.flatMap((line) => indented(line, 2));
  };
}
