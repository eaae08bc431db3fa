import { holdsPod, NAME_KEY, partsOf, type PodSet } from '../pods/pod-set.js';
import type { Probes } from '../probes/probe.js';

/** The numbers of the probes that are in a set, ascending. */
export type FindProbes = (set: PodSet) => readonly number[];

/** The probes of one namespace: all of them, and by label, then by value. */
interface Listing {
  readonly all: number[];
  readonly byLabel: Map<string, Map<string, number[]>>;
}

/** Indexes the probes, so that a set costs what it holds; each set is looked up once. */
export function probeFinder({ namespaces, pods }: Probes): FindProbes {
  const labelsOf = new Map(namespaces.map(({ name, labels }) => [name, labels]));
  const listings = listingsOf(pods);
  const known = new Map<string, readonly number[]>();
  const find = (set: PodSet): readonly number[] => {
    const name = set.rules.get(NAME_KEY);
    const names = name?.kind === 'only' ? name.values : labelsOf.keys();
    const found: number[] = [];
    for (const namespace of names) {
      const labels = labelsOf.get(namespace) ?? {};
      for (const id of candidates(listings.get(namespace), set))
        if (holdsPod(set, labels, pods[id]?.labels ?? {})) found.push(id);
    }
    return found.sort((a, b) => a - b);
  };
  return (set) => {
    const found = known.get(set.key);
    if (found !== undefined) return found;
    const probes = find(set);
    known.set(set.key, probes);
    return probes;
  };
}

function listingsOf(pods: Probes['pods']): ReadonlyMap<string, Listing> {
  const listings = new Map<string, Listing>();
  for (const [id, { namespace, labels }] of pods.entries()) {
    const listing: Listing = listings.get(namespace) ?? { all: [], byLabel: new Map() };
    listings.set(namespace, listing);
    listing.all.push(id);
    for (const label of Object.keys(labels)) {
      const value = labels[label] ?? '';
      const byValue = listing.byLabel.get(label) ?? new Map<string, number[]>();
      listing.byLabel.set(label, byValue);
      const ids = byValue.get(value);
      if (ids === undefined) byValue.set(value, [id]);
      else ids.push(id);
    }
  }
  return listings;
}

/** The shortest list that must have all of the set: of a label with one value, or the whole namespace. */
function candidates(listing: Listing | undefined, set: PodSet): readonly number[] {
  let best: readonly number[] = listing?.all ?? [];
  for (const [key, { kind, absent, values }] of set.rules) {
    const { holder, label } = partsOf(key);
    if (holder !== 'pod' || kind !== 'only' || absent || values.length !== 1) continue;
    const ids = listing?.byLabel.get(label)?.get(values[0] ?? '') ?? [];
    if (ids.length < best.length) best = ids;
  }
  return best;
}
