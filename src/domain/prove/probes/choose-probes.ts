import { compareText } from '../../errors.js';
import type { Declared } from '../declared/declared.js';
import type { Outside } from '../pods/outside.js';
import { EVERY_POD, isNobody, NAME_KEY, type Pods, type PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import { unnamed } from '../pods/witness.js';
import type { Space } from '../spaces/space.js';
import { makeClusters, type Clusters } from './clusters.js';
import { nearMisses, sharedPods, strangers } from './corners.js';
import { findOverlaps, type Overlaps } from './overlaps.js';

/** The pods to ask about, and what was seen while they were chosen. */
export interface ChosenProbes extends Clusters {
  readonly overlaps: Overlaps;
  /** Searches for pods that the two sides treat differently that were given up. */
  readonly open: number;
}

/**
 * Chooses the pods that the evaluator is asked about: of every set of pods that the snapshot or the bytes name, beside them, of nobody,
 * and wherever the two could differ. It only chooses: what is allowed, the evaluator says.
 */
export function chooseProbes(declared: Declared, spaces: readonly Space[], read: ReadPods): ChosenProbes {
  const named = namedIn(spaces);
  const overlaps = findOverlaps(declared);
  const differing = spaces.flatMap((space) => space.differing);
  const searched = [...differing, ...strangers(declared), ...sharedPods(overlaps)];
  const unmanaged = unnamed('unmanaged', namesIn(named));
  const sets: readonly Pods[] = [
    ...[...named, ...searched.flatMap(foundPods)].filter((set) => !isNobody(set)),
    ...declared.tiers.flatMap((tier) => nearMisses(tier, unmanaged)),
    read(unmanaged, {}),
  ];
  const open = searched.filter(({ kind }) => kind === 'unknown').length;
  return { ...makeClusters(sets), overlaps, open };
}

/** In one order, whatever order the snapshot has. */
function namedIn(spaces: readonly Space[]): readonly PodSet[] {
  const parts = new Set([EVERY_POD]);
  for (const space of spaces) for (const part of space.parts) parts.add(part);
  return [...parts].sort((a, b) => compareText(a.key, b.key));
}

function namesIn(sets: readonly PodSet[]): readonly string[] {
  return sets.flatMap((set) => set.rules.get(NAME_KEY)?.values ?? []);
}

function foundPods(found: Outside): PodSet[] {
  return found.kind === 'found' ? [found.pods] : [];
}
