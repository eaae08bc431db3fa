import { compareText } from '../errors.js';
import type { Direction } from './grants.js';
import { formatRange } from './ranges.js';
import type { World } from './world.js';

/** An end of connections in the order of the answer: a workload or a range outside, by its index in the world. */
export type Place =
  | { readonly kind: 'workload'; readonly ref: string; readonly index: number }
  | { readonly kind: 'range'; readonly ref: string; readonly index: number };

/** All places by name, and where each workload and each range stands among them. */
export interface Places {
  readonly sorted: readonly Place[];
  readonly workloads: readonly number[];
  readonly ranges: readonly number[];
}

/** The sources (whose ranges ingress blocks cut) or the destinations (whose ranges egress blocks cut). */
export function placesOf(world: World, cutBy: Direction): Places {
  const sorted: Place[] = [
    ...world.workloads.map(({ ref }, index) => ({ kind: 'workload' as const, ref, index })),
    ...world.ranges[cutBy].map((range, index) => ({ kind: 'range' as const, ref: formatRange(range), index })),
  ];
  sorted.sort((a, b) => compareText(a.ref, b.ref));
  const workloads = world.workloads.map(() => 0);
  const ranges = world.ranges[cutBy].map(() => 0);
  for (const [rank, { kind, index }] of sorted.entries()) (kind === 'workload' ? workloads : ranges)[index] = rank;
  return { sorted, workloads, ranges };
}
