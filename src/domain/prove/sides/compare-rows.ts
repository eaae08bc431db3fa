import type { AddressRange } from '../../evaluate/ranges.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { Judge } from './judge.js';
import type { Row, Span } from './row.js';

/** One other end, or many: a probe, ranges from index to index, or all that no row names. */
export type Other =
  | { readonly kind: 'probe'; readonly id: number }
  | { readonly kind: 'ranges'; readonly first: number; readonly last: number }
  | { readonly kind: 'rest' };

/** What is declared with an other end and what is rendered, by number, where that is not the same. */
export interface Unequal {
  readonly other: Other;
  readonly declared: number;
  readonly rendered: number;
}

/**
 * Compares what is declared for a side with what is rendered. The work is that of what the two rows name; all others are compared at
 * once, as each row says the same of all of them.
 */
export function compareRows(
  declared: Row,
  rendered: Row,
  judge: Judge,
  ranges: readonly AddressRange[],
  numbers: PortNumbers,
): Unequal[] {
  if (declared === rendered) return [];
  const named = unequalPods(declared, rendered, judge, numbers);
  if (!sameSpans(declared, rendered))
    for (const one of unequalSpans(declared, rendered, ranges, numbers)) named.push(one);
  if (declared.everyone === rendered.everyone || !hasRest(declared, rendered, judge, ranges.length)) return named;
  const rest = { declared: declared.everyone, rendered: rendered.everyone };
  const isRest = (one: Unequal): boolean => one.declared === rest.declared && one.rendered === rest.rendered;
  return [{ other: { kind: 'rest' }, ...rest }, ...named.filter((one) => !isRest(one))];
}

function unequalPods(declared: Row, rendered: Row, judge: Judge, numbers: PortNumbers): Unequal[] {
  const unequal: Unequal[] = [];
  const at = (row: Row, key: number): number => numbers.union(row.everyone, row.pods.get(key) ?? NONE);
  for (const id of declared.pods.keys()) {
    const own = at(declared, id);
    const other = at(rendered, judge.classOf[id] ?? -1);
    if (own !== other) unequal.push({ other: { kind: 'probe', id }, declared: own, rendered: other });
  }
  for (const number of rendered.pods.keys()) {
    for (const id of judge.probesOf[number] ?? []) {
      if (declared.pods.has(id)) continue;
      const [own, other] = [declared.everyone, at(rendered, number)];
      if (own !== other) unequal.push({ other: { kind: 'probe', id }, declared: own, rendered: other });
    }
  }
  return unequal;
}

function* unequalSpans(
  declared: Row,
  rendered: Row,
  ranges: readonly AddressRange[],
  numbers: PortNumbers,
): Generator<Unequal> {
  const cuts = new Set([...declared.spans, ...rendered.spans].flatMap(({ first, last }) => [first, last + 1]));
  // A range of addresses is of one family.
  const sorted = [...cuts.add(ranges.findIndex(({ family }) => family === 'IPv6'))].sort((a, b) => a - b);
  const [ofDeclared, ofRendered] = [portsAlong(declared, numbers), portsAlong(rendered, numbers)];
  for (const [index, first] of sorted.slice(0, -1).entries()) {
    const [own, other] = [ofDeclared(first), ofRendered(first)];
    const last = (sorted[index + 1] ?? first + 1) - 1;
    if (own !== other) yield { other: { kind: 'ranges', first, last }, declared: own, rendered: other };
  }
}

function sameSpans(declared: Row, rendered: Row): boolean {
  return (
    declared.everyone === rendered.everyone &&
    declared.spans.length === rendered.spans.length &&
    declared.spans.every((span, index) => equalSpans(span, rendered.spans[index]))
  );
}

function equalSpans(a: Span, b: Span | undefined): boolean {
  return a.first === b?.first && a.last === b.last && a.ports === b.ports;
}

/** The ports at a place; places are asked in ascending order, so each span is passed once. */
function portsAlong({ everyone, spans }: Row, numbers: PortNumbers): (place: number) => number {
  let index = 0;
  return (place) => {
    while ((spans[index]?.last ?? Infinity) < place) index++;
    const span = spans[index];
    return numbers.union(everyone, span !== undefined && span.first <= place ? span.ports : NONE);
  };
}

/** True where some probe or some range is named by neither row. */
function hasRest(declared: Row, rendered: Row, { classOf }: Judge, ranges: number): boolean {
  if (classOf.some((number, id) => !declared.pods.has(id) && !rendered.pods.has(number))) return true;
  let next = 0;
  for (const { first, last } of [...declared.spans, ...rendered.spans].sort((a, b) => a.first - b.first)) {
    if (first > next) return true;
    next = Math.max(next, last + 1);
  }
  return next < ranges;
}
