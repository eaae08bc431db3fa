import type { Direction, Grant, Side } from '../../evaluate/grants.js';
import { pairsOf } from '../../evaluate/intervals.js';
import { portsAt } from '../../evaluate/port-rule.js';
import type { World } from '../../evaluate/world.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import { CLOSED_ROW, layerSpans, OPEN_ROW, type Row, type Span } from './row.js';

/** What the rendered objects allow the pods of a class, their other ends by class. */
export type RenderedRows = (direction: Direction, id: number) => Row;

/** Reads what the evaluator found that isolates the pods, and whom its rules mean. */
export function renderedRows(world: World, numbers: PortNumbers): RenderedRows {
  return (direction, id) => {
    const sides = world.isolation[direction].get(id);
    if (sides === undefined) return OPEN_ROW;
    return sides.every(({ grants }) => grants.length === 0) ? CLOSED_ROW : rowOf(sides, world, direction, numbers);
  };
}

function rowOf(sides: readonly Side[], world: World, direction: Direction, numbers: PortNumbers): Row {
  let everyone = NONE;
  const pods = new Map<number, number>();
  const spans: Span[] = [];
  const add = (grant: Grant): void => {
    // Names of ports mean those of the destination, which made-up pods do not have: only numbers count.
    const ports = numbers.of(portsAt(grant.ports, undefined));
    if (meansEveryone(grant, world, direction)) {
      everyone = numbers.union(everyone, ports);
      return;
    }
    const { parts, ranges } = grant.peers;
    for (const { classes } of parts) for (const id of classes) pods.set(id, numbers.union(pods.get(id) ?? NONE, ports));
    if (ranges.length > 0) for (const [first, last] of pairsOf(ranges)) spans.push({ first, last, ports });
  };
  for (const { grants } of sides) grants.forEach(add);
  return { everyone, pods, spans: layerSpans(spans, numbers) };
}

/** True where a rule means all that the evaluator was given: every pod, and every address. */
export function meansEveryone({ peers }: Grant, { classes, ranges }: World, direction: Direction): boolean {
  const [first, last] = peers.ranges;
  const everyRange = peers.ranges.length === 2 && first === 0 && last === ranges[direction].length - 1;
  return everyRange && peers.parts.length === 1 && peers.parts[0]?.classes.size === classes.length;
}
