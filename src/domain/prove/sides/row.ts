import { EVERY, NONE, type PortNumbers } from '../port-numbers.js';

/** Ranges of addresses from index `first` to `last`, with the number of one port set. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly ports: number;
}

/**
 * What one side allows, ports by number: with everyone, and beyond that with some pods (by whatever number the reader uses) and
 * some ranges, ascending and disjoint.
 */
export interface Row {
  readonly everyone: number;
  readonly pods: ReadonlyMap<number, number>;
  readonly spans: readonly Span[];
}

const NO_PODS: ReadonlyMap<number, number> = new Map();

/** Pods that nothing isolates. */
export const OPEN_ROW: Row = { everyone: EVERY, pods: NO_PODS, spans: [] };

/** Pods that are isolated, and nothing allows anything. */
export const CLOSED_ROW: Row = { everyone: NONE, pods: NO_PODS, spans: [] };

/**
 * Spans that may overlap, laid over each other: disjoint, with the ports of all that cover a place. One walk over the places where a
 * span begins or ends.
 * @example layerSpans([{ first: 0, last: 9, ports: tcp80 }, { first: 5, last: 5, ports: tcp90 }], numbers).length // 3
 */
export function layerSpans(spans: readonly Span[], numbers: PortNumbers): readonly Span[] {
  if (spans.every((span, index) => index === 0 || (spans[index - 1]?.last ?? 0) < span.first)) return joined(spans);
  const turns = spans.flatMap(({ first, last, ports }) => [
    { at: first, ports, more: 1 },
    { at: last + 1, ports, more: -1 },
  ]);
  turns.sort((a, b) => a.at - b.at);
  const open = new Map<number, number>();
  const layered: Span[] = [];
  let from = 0;
  for (const { at, ports, more } of turns) {
    if (at > from) addSpan(layered, { first: from, last: at - 1, ports: unionOf(open, numbers) });
    from = at;
    const count = (open.get(ports) ?? 0) + more;
    if (count === 0) open.delete(ports);
    else open.set(ports, count);
  }
  return layered;
}

/** Spans in order and apart, with nothing to lay over each other. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) addSpan(all, span);
  return all;
}

function unionOf(open: ReadonlyMap<number, number>, numbers: PortNumbers): number {
  let all = NONE;
  for (const ports of open.keys()) all = numbers.union(all, ports);
  return all;
}

/** Neighbours with the same ports are one span, however they were cut: equal coverings come out equal. */
function addSpan(spans: Span[], span: Span): void {
  const before = spans.at(-1);
  if (span.ports === NONE) return;
  if (before?.last === span.first - 1 && before.ports === span.ports)
    spans[spans.length - 1] = { ...before, last: span.last };
  else spans.push(span);
}
