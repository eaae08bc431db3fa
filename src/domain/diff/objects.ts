import { compareText } from '../errors.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { sameValue } from './same-value.js';

/** What happens to an object on the way from one bundle to another: a closed list. */
export const OBJECT_CHANGE_KINDS = [
  'added', // only the later one has it: it will be created
  'removed', // only the earlier one has it: it will be pruned
  'changed', // both have it and it says something else
] as const;
export type ObjectChangeKind = (typeof OBJECT_CHANGE_KINDS)[number];

export interface ObjectChange {
  readonly kind: ObjectChangeKind;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The objects that differ, sorted by namespace and name. The order of keys does not count; the order of lists does, as Kubernetes
 * takes the rules of a NetworkPolicy for one value. `diffObjects(a, a)` is empty.
 * @example diffObjects([], [policy]) // [{ kind: 'added', namespace: 'shop', name: 'allow-web-ingress' }]
 */
export function diffObjects(before: readonly NetworkPolicy[], after: readonly NetworkPolicy[]): ObjectChange[] {
  const old = byName(before);
  const changes: ObjectChange[] = [];
  for (const [key, policy] of byName(after)) {
    const known = old.get(key);
    old.delete(key);
    if (known === undefined) changes.push(change('added', policy));
    else if (!sameValue(known, policy)) changes.push(change('changed', policy));
  }
  for (const policy of old.values()) changes.push(change('removed', policy));
  return changes.sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));
}

function byName(policies: readonly NetworkPolicy[]): Map<string, NetworkPolicy> {
  return new Map(policies.map((policy) => [`${policy.metadata.namespace}/${policy.metadata.name}`, policy]));
}

function change(kind: ObjectChangeKind, { metadata: { namespace, name } }: NetworkPolicy): ObjectChange {
  return { kind, namespace, name };
}
