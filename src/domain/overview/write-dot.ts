import { groupBy } from './group-by.js';
import type { Arrow, Box, OverviewModel } from './overview-model.js';
import { cut } from './plain.js';
import { arrowLabel, boxTexts, diagramDirection, groupTitle } from './words.js';

const LONGEST_TEXT = 80;
/** Each label is one more thing to lay out: beyond this they become tooltips, or a dense graph would take minutes. */
const MOST_LABELS = 150;
/** Beyond this straight lines and a shorter search. */
const MOST_CURVES = 1000;
/** One name that Graphviz without fonts knows the widths of; a list of names it would measure as Times, and text would leave its box. */
const FONT = 'fontname="Verdana"';
const HEAD = [
  `graph [nodesep=0.45, ranksep=0.6, pad=0.3, bgcolor="#ffffff", ${FONT}, fontsize=12, fontcolor="#4a5a54"];`,
  `node [shape=box, style="rounded,filled", margin="0.22,0.12", penwidth=1.2, ${FONT}, fontsize=12];`,
  `edge [color="#6b7f8c", penwidth=1.1, arrowsize=0.7, ${FONT}, fontsize=9, fontcolor="#4b5b66"];`,
];
const CLUSTER = 'style="rounded,filled"; fillcolor="#f4f7f6"; color="#c9d4d0"; margin=18; labeljust=l;';
const PEER = 'fillcolor="#e7f0fb", color="#4a7fc1", fontcolor="#173a63", margin="0.3,0.12"';
const TIER = 'fillcolor="#ffffff", color="#3f8f6f", fontcolor="#1f3d33"';
const OUTSIDE = 'style="rounded,filled,dashed", fillcolor="#fdf4e3", color="#c08a2d", fontcolor="#5a3e0b"';

/**
 * A Graphviz digraph, tiers grouped by application in clusters.
 * @example writeDot(overview(snapshot)) // 'digraph "dev" {\n  ...'
 */
export function writeDot(model: OverviewModel): string {
  const tiers = groupBy(model.tiers, ({ application }) => application);
  const clusters = model.applications.flatMap((application) => [
    `subgraph ${quoted(`cluster ${application.name}`)} {`,
    `  label=${label([groupTitle(application)])}; ${CLUSTER}`,
    ...(tiers.get(application.name) ?? []).map((tier) => `  ${node(tier)}`),
    '}',
  ]);
  const lines = [...layout(model), ...HEAD, ...model.peers.map(node), ...clusters, ...model.arrows.map(edgeOf(model))];
  return `digraph ${quoted(model.environment)} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`;
}

function node(box: Box): string {
  const look = box.kind === 'peer' ? PEER : box.outside !== undefined ? OUTSIDE : TIER;
  return `${quoted(box.id)} [label=${label(boxTexts(box))}, tooltip=${quoted(box.name)}, ${look}];`;
}

function layout(model: OverviewModel): string[] {
  const quick = model.arrows.length > MOST_CURVES ? ['splines=line; nslimit=2; nslimit1=2; mclimit=0.5;'] : [];
  return [`rankdir=${diagramDirection(model)};`, ...quick];
}

function edgeOf(model: OverviewModel): (arrow: Arrow) => string {
  const names = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box.name]));
  const labelled = model.arrows.length <= MOST_LABELS;
  return (arrow) => {
    const text = arrowLabel(arrow);
    const tooltip = `${names.get(arrow.from) ?? arrow.from} to ${names.get(arrow.to) ?? arrow.to}: ${text}`;
    const attributes = [...(labelled ? [`label=${quoted(` ${text} `)}`] : []), `tooltip=${quoted(tooltip)}`];
    return `${quoted(arrow.from)} -> ${quoted(arrow.to)} [${attributes.join(', ')}];`;
  };
}

/** An HTML-like label, the first line bold: https://graphviz.org/doc/info/shapes.html#html */
function label([first = '', ...rest]: readonly string[]): string {
  const small = rest.map((text) => `<br/><font point-size="9">${html(text)}</font>`);
  return `<<b>${html(first)}</b>${small.join('')}>`;
}

function html(text: string): string {
  return cut(text, LONGEST_TEXT).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** A quoted string: a backslash starts an escape in labels, and `&` an entity. https://graphviz.org/doc/info/attrs.html#k:escString */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, (character) => `\\${character}`).replaceAll('&', '&amp;')}"`;
}
