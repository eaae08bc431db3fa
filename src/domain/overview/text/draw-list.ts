import { groupBy } from '../group-by.js';
import type { Arrow, Box, OverviewModel } from '../overview-model.js';
import { arrowLabel } from '../words.js';
import { boxContent, boxLines, boxWidth, inLines, NARROWEST } from './boxes.js';
import { COLUMNS, columnsOf, padded, wrap } from './columns.js';

const MARGIN = '  ';
const WIDEST_NAME = 44;

/**
 * Draws peers and then, application by application, the boxes of its tiers with their arrows listed below each; boxes that no
 * arrow leaves stand side by side after them. Says the same as a picture, for estates that no picture can show on a screen.
 * @example drawList(model).join('\n')
 */
export function drawList(model: OverviewModel): string[] {
  const names = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box.name]));
  const arrows = groupBy(model.arrows, ({ from }) => from);
  const tiers = groupBy(model.tiers, ({ application }) => application);
  const single = model.applications.length < 2;
  const section = (title: string, boxes: readonly Box[]): string[] => {
    const leaving = boxes
      .filter(({ id }) => arrows.has(id))
      .map((box) => boxBlock(box, arrows.get(box.id) ?? [], names));
    const ends = boxes.filter(({ id }) => !arrows.has(id));
    const blocks = [...(single ? [] : [heading(title)]), ...leaving, ...(ends.length === 0 ? [] : [inLines(ends)])];
    return spaced(blocks);
  };
  const peers = model.peers.length === 0 ? [] : [section('peers', model.peers)];
  const applications = model.applications.map(({ name, namespace }) => {
    return section(`${name} (namespace ${namespace})`, tiers.get(name) ?? []);
  });
  return spaced([...peers, ...applications]);
}

/** One after the other with an empty line between. */
function spaced(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function heading(text: string): string[] {
  const lines = wrap(text, COLUMNS);
  return [...lines, '═'.repeat(Math.max(...lines.map(columnsOf)))];
}

function boxBlock(box: Box, arrows: readonly Arrow[], names: ReadonlyMap<string, string>): string[] {
  const width = boxWidth(boxContent(box), NARROWEST);
  const lines = boxLines(box, width, 'exits').map((line) => MARGIN + line);
  return [...lines, ...arrowLines(arrows, names, ' '.repeat(MARGIN.length + (width - 1) / 2))];
}

/** `├──▶ backend  Egress / Ingress (port 3000)`, labels in one column; what does not fit goes on below. */
function arrowLines(arrows: readonly Arrow[], names: ReadonlyMap<string, string>, indent: string): string[] {
  const nameOf = (arrow: Arrow) => names.get(arrow.to) ?? arrow.to;
  const column = Math.min(WIDEST_NAME, Math.max(0, ...arrows.map((arrow) => columnsOf(nameOf(arrow)))));
  return arrows.flatMap((arrow, index) => {
    const last = index === arrows.length - 1;
    const name = wrap(nameOf(arrow), column);
    const label = wrap(arrowLabel(arrow), COLUMNS - indent.length - column - 7);
    return Array.from({ length: Math.max(name.length, label.length) }, (_, line) => {
      const branch = line === 0 ? (last ? '╰──▶ ' : '├──▶ ') : last ? '     ' : '│    ';
      return `${indent}${branch}${padded(name[line] ?? '', column)}  ${label[line] ?? ''}`.trimEnd();
    });
  });
}
