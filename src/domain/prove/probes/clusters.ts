import { holdsPod, NAME_KEY, type PodSet } from '../pods/pod-set.js';
import { witnessesOf } from '../pods/witness.js';
import { madeNamespaces } from './namespaces.js';
import type { Probe, Probes } from './probe.js';

/** Clusters made for one proof, at most. */
const CLUSTERS_MAX = 5;

/** Clusters that together have a pod of every set. */
export interface Clusters {
  readonly clusters: readonly Probes[];
  /** Sets of which no cluster has a pod. */
  readonly missed: number;
}

/**
 * Makes up clusters with pods of all sets, none of which is empty. Nearly always one will do; where one set needs a namespace with a
 * label and another one needs the same namespace without it, the second one begins another cluster.
 */
export function makeClusters(sets: readonly PodSet[]): Clusters {
  const taken = new Set(sets.flatMap((set) => set.rules.get(NAME_KEY)?.values ?? []));
  const first = makeCluster(sets, taken);
  const clusters = [first.probes];
  let { missed } = first;
  while (missed.size > 0 && clusters.length < CLUSTERS_MAX) {
    const next = makeCluster([...missed, ...sets], taken);
    clusters.push(next.probes);
    missed = new Set([...missed].filter((set) => next.missed.has(set)));
  }
  return { clusters, missed: missed.size };
}

function makeCluster(
  sets: readonly PodSet[],
  taken: ReadonlySet<string>,
): { readonly probes: Probes; readonly missed: ReadonlySet<PodSet> } {
  const namespaces = madeNamespaces(taken);
  const pods = new Map<string, Probe>();
  const asked = sets.map((set) => {
    const probes = witnessesOf(set).map((witness): Probe => {
      const namespace = namespaces.nameFor(witness);
      const key = JSON.stringify([namespace, witness.labels]);
      const probe = pods.get(key) ?? { namespace, labels: witness.labels };
      pods.set(key, probe);
      return probe;
    });
    return { set, probes };
  });
  // Only now all labels of all namespaces are decided.
  const isMissed = ({ set, probes }: (typeof asked)[number]): boolean =>
    !probes.some(({ namespace, labels }) => holdsPod(set, namespaces.labelsOf(namespace), labels));
  return {
    probes: { namespaces: namespaces.all(), pods: [...pods.values()] },
    missed: new Set(asked.filter(isMissed).map(({ set }) => set)),
  };
}
