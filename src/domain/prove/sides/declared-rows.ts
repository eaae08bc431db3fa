import type { Direction } from '../../evaluate/grants.js';
import { rangeOfAddress } from '../../evaluate/ranges.js';
import type { World } from '../../evaluate/world.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import { isolates, type DeclaredRule, type DeclaredTier } from '../declared/declared-tier.js';
import type { End } from '../declared/ends.js';
import type { FindProbes } from './find-probes.js';
import { CLOSED_ROW, layerSpans, OPEN_ROW, type Row, type Span } from './row.js';

/** Pods of which something is declared: those of some tiers of one namespace, or of none. */
export interface Subject {
  readonly tiers: readonly DeclaredTier[];
  /** Under the default deny of a managed namespace. */
  readonly denied: boolean;
}

/** What is declared for a subject, other ends by the number of their probe. */
export type DeclaredRows = (direction: Direction, subject: Subject) => Row;

/** The spans of the addresses of an end; empty for pods. */
export type SpansOf = (end: End, direction: Direction, ports: number) => readonly Span[];

/** Reads rows from the rules of tiers: a pod of several tiers may do what any of them may. */
export function declaredRows(find: FindProbes, spansOf: SpansOf, numbers: PortNumbers): DeclaredRows {
  return (direction, { tiers, denied }) => {
    if (!denied && !tiers.some((tier) => isolates(tier, direction))) return OPEN_ROW;
    const lists = tiers.map(({ rules }) => rules[direction]).filter((rules) => rules.length > 0);
    return lists.length === 0 ? CLOSED_ROW : rowOf(lists, direction, find, spansOf, numbers);
  };
}

function rowOf(
  lists: readonly (readonly DeclaredRule[])[],
  direction: Direction,
  find: FindProbes,
  spansOf: SpansOf,
  numbers: PortNumbers,
): Row {
  let everyone = NONE;
  const pods = new Map<number, number>();
  const spans: Span[] = [];
  const add = ({ end, ports }: DeclaredRule): void => {
    if (end.kind === 'everyone') everyone = numbers.union(everyone, ports);
    else if (end.kind === 'addresses') spans.push(...spansOf(end, direction, ports));
    else for (const id of find(end.pods)) pods.set(id, numbers.union(pods.get(id) ?? NONE, ports));
  };
  for (const rules of lists) rules.forEach(add);
  return { everyone, pods, spans: layerSpans(spans, numbers) };
}

/** Finds the ranges of the evaluator's cut that declared addresses are made of: it was cut at their borders. */
export function spansIn({ ranges }: World): SpansOf {
  const known = { ingress: new Map<End, readonly Span[]>(), egress: new Map<End, readonly Span[]>() };
  const find = (end: End, direction: Direction): readonly Span[] => {
    if (end.kind !== 'addresses') return [];
    return end.addresses.ranges.map(({ family, first, last }) => ({
      first: rangeOfAddress(ranges[direction], family, first) ?? 0,
      last: rangeOfAddress(ranges[direction], family, last) ?? -1,
      ports: NONE,
    }));
  };
  return (end, direction, ports) => {
    const spans = known[direction].get(end) ?? find(end, direction);
    known[direction].set(end, spans);
    return spans.map((span) => ({ ...span, ports }));
  };
}
