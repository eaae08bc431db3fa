import { condensed } from './condensed.js';
import { groupBy } from './group-by.js';
import type { Box, OverviewModel } from './overview-model.js';
import { cut } from './plain.js';
import { arrowLabel, boxTexts, diagramDirection, groupTitle } from './words.js';

/** What Mermaid draws by default, and what a page cannot raise: https://mermaid.js.org/config/schema-docs/config.html (maxEdges, maxTextSize) */
const MOST_ARROWS = 500;
const MOST_CHARACTERS = 50_000;
const LONGEST_TEXT = 80;

const STYLES = [
  'classDef peer fill:#e7f0fb,stroke:#4a7fc1,color:#173a63',
  'classDef tier fill:#ffffff,stroke:#3f8f6f,color:#1f3d33',
  'classDef outside fill:#fdf4e3,stroke:#c08a2d,color:#5a3e0b,stroke-dasharray:5 4',
  'classDef application fill:#f4f7f6,stroke:#c9d4d0,color:#4a5a54',
];

/**
 * A Mermaid flowchart, tiers grouped by application. An estate beyond what Mermaid draws is shown by application instead, an
 * arrow with the number of its flows.
 * @example writeMermaid(overview(snapshot)) // 'flowchart TB\n  ...'
 */
export function writeMermaid(model: OverviewModel): string {
  const whole = model.arrows.length > MOST_ARROWS ? undefined : flowchart(model);
  if (whole !== undefined && whole.length <= MOST_CHARACTERS) return whole;
  return byApplication(model);
}

function flowchart(model: OverviewModel): string {
  const ids = shortIds(model);
  const id = (key: string) => ids.get(key) ?? key;
  const tiers = groupBy(model.tiers, ({ application }) => application);
  const groups = model.applications.flatMap((application, index) => [
    `  subgraph a${index}["${escaped(groupTitle(application))}"]`,
    ...(tiers.get(application.name) ?? []).map((tier) => `    ${id(tier.id)}${shape(tier)}`),
    '  end',
    `  class a${index} application`,
  ]);
  const arrows = model.arrows.map(
    (arrow) => `  ${id(arrow.from)} -->|"${escaped(arrowLabel(arrow))}"| ${id(arrow.to)}`,
  );
  const peers = model.peers.map((peer) => `  ${id(peer.id)}${shape(peer)}`);
  return `${[`flowchart ${diagramDirection(model)}`, ...peers, ...groups, ...arrows, ...STYLES.map((style) => `  ${style}`)].join('\n')}\n`;
}

function byApplication(model: OverviewModel): string {
  const { nodes, links } = condensed(model);
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const lines = [
    'flowchart LR',
    `  %% ${model.tiers.length} tiers and ${model.arrows.length} arrows are more than Mermaid draws: these are their applications`,
    ...nodes.map(({ id, text, kind }) => {
      const [open, close] = kind === 'peer' ? ['(["', '"])'] : ['["', '"]'];
      return `  ${ids.get(id) ?? id}${open}${escaped(text)}${close}:::${kind}`;
    }),
    ...links.map(
      ({ from, to, flows }) =>
        `  ${ids.get(from) ?? from} -->|"${flows} flow${flows === 1 ? '' : 's'}"| ${ids.get(to) ?? to}`,
    ),
    ...STYLES.map((style) => `  ${style}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `p0`, `t0`: Mermaid reads no name as an id safely (`end`, `o`, `x`, `-` and `/` all mean something). */
function shortIds(model: OverviewModel): ReadonlyMap<string, string> {
  const peers = model.peers.map((peer, index): [string, string] => [peer.id, `p${index}`]);
  const tiers = model.tiers.map((tier, index): [string, string] => [tier.id, `t${index}`]);
  return new Map([...peers, ...tiers]);
}

function shape(box: Box): string {
  const text = boxTexts(box).map(escaped).join('<br/>');
  if (box.kind === 'peer') return `(["${text}"]):::peer`;
  return `["${text}"]:::${box.outside !== undefined ? 'outside' : 'tier'}`;
}

/**
 * Text between double quotes: all that Mermaid, Markdown or HTML could read as more than text becomes an entity code.
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function escaped(text: string): string {
  return cut(text, LONGEST_TEXT).replace(
    /[^\p{L}\p{M}\p{N} .,:/()_-]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}
