import { compareText } from '../errors.js';
import type { NetworkPolicy, PolicyType } from '../kubernetes/network-policy.js';
import { sameValue } from '../diff/same-value.js';
import { isDefaultDeny } from './selection.js';
import type { ChangedObject, ObjectPair } from './step.js';

/** What two versions say differently in one namespace, sorted by name. */
export interface NamespaceChange {
  readonly namespace: string;
  readonly creates: readonly ObjectPair[];
  readonly changes: readonly ChangedObject[];
  readonly deletes: readonly ObjectPair[];
  /** The default denies that come and go. */
  readonly denies: { readonly created: readonly ObjectPair[]; readonly deleted: readonly ObjectPair[] };
  /** In which directions a default deny isolates every pod of the namespace. */
  readonly denied: { readonly before: ReadonlySet<PolicyType>; readonly after: ReadonlySet<PolicyType> };
}

/** The namespaces in which anything differs, sorted. Objects that both versions have and that say the same are left out. */
export function changesByNamespace(
  before: readonly NetworkPolicy[],
  after: readonly NetworkPolicy[],
): NamespaceChange[] {
  const old = byNamespace(before);
  const now = byNamespace(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort(compareText)
    .map((namespace) => namespaceChange(namespace, old.get(namespace) ?? [], now.get(namespace) ?? []))
    .filter(({ creates, changes, deletes, denies }) =>
      [creates, changes, deletes, denies.created, denies.deleted].some((list) => list.length > 0),
    );
}

function byNamespace(policies: readonly NetworkPolicy[]): Map<string, NetworkPolicy[]> {
  const found = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    const { namespace } = policy.metadata;
    const known = found.get(namespace);
    if (known === undefined) found.set(namespace, [policy]);
    else known.push(policy);
  }
  return found;
}

function namespaceChange(
  namespace: string,
  before: readonly NetworkPolicy[],
  after: readonly NetworkPolicy[],
): NamespaceChange {
  const pairs = pairUp(namespace, before, after);
  const creates = pairs.filter((pair) => pair.before === undefined);
  const deletes = pairs.filter((pair) => pair.after === undefined);
  return {
    namespace,
    creates: creates.filter(({ after: policy }) => policy !== undefined && !isDefaultDeny(policy)),
    changes: pairs.filter(isChange).filter((pair) => !sameValue(pair.before, pair.after)),
    deletes: deletes.filter(({ before: policy }) => policy !== undefined && !isDefaultDeny(policy)),
    denies: {
      created: creates.filter(({ after: policy }) => policy !== undefined && isDefaultDeny(policy)),
      deleted: deletes.filter(({ before: policy }) => policy !== undefined && isDefaultDeny(policy)),
    },
    denied: { before: deniedBy(before), after: deniedBy(after) },
  };
}

function pairUp(namespace: string, before: readonly NetworkPolicy[], after: readonly NetworkPolicy[]): ObjectPair[] {
  const old = new Map(before.map((policy) => [policy.metadata.name, policy]));
  const now = new Map(after.map((policy) => [policy.metadata.name, policy]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort(compareText)
    .map((name) => ({ namespace, name, before: old.get(name), after: now.get(name) }));
}

function isChange(pair: ObjectPair): pair is ChangedObject {
  return pair.before !== undefined && pair.after !== undefined;
}

function deniedBy(policies: readonly NetworkPolicy[]): ReadonlySet<PolicyType> {
  return new Set(policies.filter(isDefaultDeny).flatMap(({ spec }) => spec.policyTypes));
}
