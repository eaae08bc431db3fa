import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import type { NamespaceChange } from './pairs.js';
import type { ObjectPair } from './step.js';

/** That an object which comes and one which goes are the same tier and direction, or the same pods. */
export interface Origin {
  readonly reason: 'renamed' | 'moved';
  /** The other one. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * For objects that come and go: which of them belong together. The same tier and direction in one namespace, or else the same pods there:
 * renamed; the same tier and direction in another namespace: moved.
 */
export function findOrigins(namespaces: readonly NamespaceChange[]): ReadonlyMap<ObjectPair, Origin> {
  const origins = new Map<ObjectPair, Origin>();
  for (const [reason, keyOf] of LIKENESSES) {
    const gone = new Map<string, ObjectPair>();
    for (const pair of namespaces.flatMap(({ deletes }) => deletes))
      if (!origins.has(pair)) gone.set(keyOf(pair), pair);
    for (const pair of namespaces.flatMap(({ creates }) => creates)) {
      const old = origins.has(pair) ? undefined : gone.get(keyOf(pair));
      if (old === undefined || !gone.delete(keyOf(pair))) continue;
      origins.set(pair, { reason, namespace: old.namespace, name: old.name });
      origins.set(old, { reason, namespace: pair.namespace, name: pair.name });
    }
  }
  return origins;
}

const LIKENESSES: readonly (readonly ['renamed' | 'moved', (pair: ObjectPair) => string])[] = [
  ['renamed', (pair) => JSON.stringify([pair.namespace, tierOf(pair), typesOf(pair)])],
  ['renamed', (pair) => JSON.stringify([pair.namespace, policyOf(pair)?.spec.podSelector, typesOf(pair)])],
  ['moved', (pair) => JSON.stringify([tierOf(pair), typesOf(pair)])],
];

function policyOf({ before, after }: ObjectPair): NetworkPolicy | undefined {
  return after ?? before;
}

function typesOf(pair: ObjectPair): readonly string[] {
  return policyOf(pair)?.spec.policyTypes ?? [];
}

/** By the labels of a tier's object; by the name of an object that has none. */
function tierOf(pair: ObjectPair): string {
  return tierOfPolicy(policyOf(pair)) ?? pair.name;
}

/** `application/tier`, as the labels of a rendered object say. */
export function tierOfPolicy(policy: NetworkPolicy | undefined): string | undefined {
  const labels = policy?.metadata.labels ?? {};
  const application = labels['sluice.dev/application'];
  const tier = labels['sluice.dev/tier'];
  return application === undefined || tier === undefined ? undefined : `${application}/${tier}`;
}
