import { compareText } from '../../errors.js';
import type { PortNumbers } from '../port-numbers.js';
import type { Declared } from '../declared/declared.js';
import type { DeclaredTier } from '../declared/declared-tier.js';
import type { Outside } from '../pods/outside.js';
import { EVERY_POD, isNobody, NAME_KEY, type Pods, type PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import { splitter } from '../pods/split.js';
import { unnamed } from '../pods/witness.js';
import type { RenderedPolicy } from '../rendered/rendered-policy.js';
import { renderedRules } from '../rendered/rendered-rules.js';
import { makeClusters, type Clusters } from './clusters.js';
import { nearMisses, sharedPods, strangers } from './corners.js';
import { counterexamples } from './counterexamples.js';
import { findOverlaps, type Overlaps } from './overlaps.js';
import { sidePairs } from './sides.js';

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
export function chooseProbes(
  declared: Declared,
  policies: readonly RenderedPolicy[],
  numbers: PortNumbers,
  read: ReadPods,
): ChosenProbes {
  const { tiers } = declared;
  const { named, differing } = lookThrough(tiers, policies, numbers, read);
  const overlaps = findOverlaps(declared);
  const searched = [...differing, ...strangers(declared), ...sharedPods(overlaps)];
  const unmanaged = unnamed('unmanaged', namesIn(named));
  const sets: readonly Pods[] = [
    ...[...named, ...searched.flatMap(foundPods)].filter((set) => !isNobody(set)),
    ...tiers.flatMap((tier) => nearMisses(tier, unmanaged)),
    read(unmanaged, {}),
  ];
  const open = searched.filter(({ kind }) => kind === 'unknown').length;
  return { ...makeClusters(sets), overlaps, open };
}

/**
 * Looks once at every side: for the parts of every set that something names, in one order whatever order the snapshot has, and for
 * pods with which what is declared and what is rendered differ.
 */
function lookThrough(
  tiers: readonly DeclaredTier[],
  policies: readonly RenderedPolicy[],
  numbers: PortNumbers,
  read: ReadPods,
): { readonly named: readonly PodSet[]; readonly differing: readonly Outside[] } {
  const split = splitter();
  const parts = new Set([EVERY_POD]);
  const differing: Outside[] = [];
  for (const { set } of [...tiers, ...policies]) for (const part of split(set)) parts.add(part);
  for (const pair of sidePairs(tiers, policies, renderedRules(numbers, read, split), split, numbers)) {
    for (const side of [pair.declared, pair.rendered]) for (const part of side.keys()) parts.add(part);
    for (const found of counterexamples(pair, numbers)) differing.push(found);
  }
  return { named: [...parts].sort((a, b) => compareText(a.key, b.key)), differing };
}

function namesIn(sets: readonly PodSet[]): readonly string[] {
  return sets.flatMap((set) => set.rules.get(NAME_KEY)?.values ?? []);
}

function foundPods(found: Outside): PodSet[] {
  return found.kind === 'found' ? [found.pods] : [];
}
