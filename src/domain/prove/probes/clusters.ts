import type { Labels } from '../../model/labels.js';
import { holdsPod, NAME_KEY, type Pods } from '../pods/pod-set.js';
import { witnessesOf, type Witness } from '../pods/witness.js';
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
export function makeClusters(sets: readonly Pods[]): Clusters {
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
  sets: readonly Pods[],
  taken: ReadonlySet<string>,
): { readonly probes: Probes; readonly missed: ReadonlySet<Pods> } {
  const namespaces = madeNamespaces(taken);
  const pods = new Map<string, Probe>();
  const probeOf = (witness: Witness): Probe => {
    const namespace = namespaces.nameFor(witness);
    const key = podText(namespace, witness.labels);
    const known = pods.get(key);
    if (known !== undefined) return known;
    const probe = { namespace, labels: witness.labels };
    pods.set(key, probe);
    return probe;
  };
  const open: { readonly set: Pods; readonly probes: readonly Probe[] }[] = [];
  for (const set of sets) {
    const witnesses = witnessesOf(set);
    const probes = witnesses.map(probeOf);
    // What asks nothing of the labels of its namespace is never missed.
    if (witnesses.some(({ namespaceLabels }) => namespaceLabels.length > 0)) open.push({ set, probes });
  }
  // Only now all labels of all namespaces are decided.
  const missed = open.filter(
    ({ set, probes }) => !probes.some(({ namespace, labels }) => holdsPod(set, namespaces.labelsOf(namespace), labels)),
  );
  return {
    probes: { namespaces: namespaces.all(), pods: [...pods.values()] },
    missed: new Set(missed.map(({ set }) => set)),
  };
}

/** Different for different pods: names, keys and values that are valid have no line breaks. */
function podText(namespace: string, labels: Labels): string {
  let text = namespace;
  for (const label of Object.keys(labels)) text += `\n${label}\n${labels[label]}`;
  return text;
}
