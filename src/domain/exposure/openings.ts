import type { Budget } from '../evaluate/budget.js';
import { ENTIRE_CLUSTER, isEntireCluster, podsText, type PotentialPods } from './potential-pods.js';
import { widerIndex } from './wider-index.js';
import { isNothing, NOTHING, subtractExposed, unionExposed, type ExposedPorts } from './exposed-ports.js';

/** What one workload leaves open, in one direction, to pods that are not in the manifests. */
export interface Opening {
  readonly pods: PotentialPods;
  readonly ports: ExposedPorts;
  /** The NetworkPolicies (`namespace/name`) that name these pods; none where nothing isolates the workload. */
  readonly policies: ReadonlySet<string>;
}

/** Tells whether all pods of one opening are among those of another. */
export type Within = (inner: PotentialPods, outer: PotentialPods) => boolean;

/** Puts openings for the same pods together, by their text: the order of the result is that of the texts. */
export function gather(openings: readonly Opening[]): Opening[] {
  const byText = new Map<string, Opening>();
  for (const opening of openings) {
    const text = podsText(opening.pods);
    byText.set(text, together(byText.get(text), opening));
  }
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, opening]) => opening);
}

function together(a: Opening | undefined, b: Opening): Opening {
  if (a === undefined) return b;
  return {
    pods: a.pods,
    ports: unionExposed(a.ports, b.ports),
    policies: new Set([...a.policies, ...b.policies]),
  };
}

/**
 * Says nothing twice: what is open to wider pods is taken away from narrower ones, and openings of which nothing is left are
 * dropped. Of two that mean the same pods in other words the first keeps the ports of both. Takes gathered openings.
 * @example withoutRepeats([anyPodOn80, appWebOn80And443], within, spend) // [anyPodOn80, appWebOn443]
 */
export function withoutRepeats(openings: readonly Opening[], within: Within, spend: Budget): Opening[] {
  const all = openings.find(({ pods }) => isEntireCluster(pods))?.ports ?? NOTHING;
  const beside = openings
    .filter(({ pods }) => !isEntireCluster(pods))
    .map((opening) => ({ ...opening, ports: subtractExposed(opening.ports, all) }))
    .filter(({ ports }) => !isNothing(ports));
  const distinct = mergeEquals(beside, within, spend);
  const widerThan = widerIndex(distinct);
  const narrowed = distinct.map((opening) => {
    const candidates = widerThan(opening.pods);
    spend(candidates.length);
    return { ...opening, ports: beyondWider(opening, candidates, within) };
  });
  const whole = openings.filter(({ pods, ports }) => isEntireCluster(pods) && !isNothing(ports));
  return [...whole, ...narrowed.filter(({ ports }) => !isNothing(ports))];
}

function mergeEquals(openings: readonly Opening[], within: Within, spend: Budget): Opening[] {
  const widerThan = widerIndex(openings);
  const merged = new Set<Opening>();
  return openings.flatMap((opening): Opening[] => {
    if (merged.has(opening)) return [];
    const candidates = new Set(widerThan(opening.pods)).add(opening);
    spend(candidates.size);
    const equals = [...candidates].filter(
      ({ pods }) => pods === opening.pods || (within(opening.pods, pods) && within(pods, opening.pods)),
    );
    for (const one of equals) merged.add(one);
    return [equals.filter((one) => one !== opening).reduce(together, opening)];
  });
}

function beyondWider({ pods, ports }: Opening, candidates: readonly Opening[], within: Within): ExposedPorts {
  const wider = candidates.filter((other) => other.pods !== pods && within(pods, other.pods));
  return wider.reduce((left, other) => subtractExposed(left, other.ports), ports);
}

/** Everything, to everyone: what a workload that no policy isolates leaves open. */
export function openToAll(ports: ExposedPorts): Opening {
  return { pods: ENTIRE_CLUSTER, ports, policies: new Set() };
}
