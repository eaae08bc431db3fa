import type { Direction } from '../../evaluate/grants.js';
import type { Finding } from '../../finding.js';
import type { Declared } from '../declared/declared.js';
import { isolates } from '../declared/declared-tier.js';
import { isNobody, type PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import { objection } from './objection.js';
import type { RenderedPolicy } from './rendered-policy.js';

/** A tier, by its reference, or a namespace's default deny, which calls for an object. */
interface Caller {
  readonly kind: 'tier' | 'default-deny';
  readonly name: string;
}

/** Who calls for objects that select the same pods for the same directions, and which objects do. */
interface Called {
  readonly namespace: string;
  readonly directions: readonly Direction[];
  readonly callers: Caller[];
  readonly objects: string[];
}

const BOTH: readonly Direction[] = ['egress', 'ingress'];
const ALONE = { egress: ['egress'], ingress: ['ingress'] } as const;

/**
 * Holds the objects against the tiers: one object for each tier's egress, one for each tier's ingress that someone may use, one
 * default deny for each namespace where the profile has it, and nothing else. With this, the pods that an object selects are
 * those of a tier, whatever pods there will ever be.
 */
export function compareObjects(declared: Declared, policies: readonly RenderedPolicy[], read: ReadPods): Finding[] {
  const called = new Map<string, Map<string, Called>>();
  const at = (namespace: string, set: PodSet, directions: readonly Direction[]): Called => {
    const which = directions.length === 1 ? (directions[0] ?? '') : directions.join();
    const there = called.get(which) ?? new Map<string, Called>();
    called.set(which, there);
    // The key of a set has its namespace in it, but for a set of nobody.
    const key = isNobody(set) ? namespace : set.key;
    const known = there.get(key);
    if (known !== undefined) return known;
    const begun: Called = { namespace, directions, callers: [], objects: [] };
    there.set(key, begun);
    return begun;
  };
  for (const tier of declared.tiers) {
    const caller: Caller = { kind: 'tier', name: tier.ref };
    for (const direction of BOTH)
      if (isolates(tier, direction)) at(tier.namespace, tier.set, ALONE[direction]).callers.push(caller);
  }
  for (const namespace of declared.defaultDeny ? declared.namespaces : [])
    at(namespace, read(namespace, {}), BOTH).callers.push({ kind: 'default-deny', name: namespace });
  for (const { namespace, set, directions, ref } of policies) at(namespace, set, directions).objects.push(ref);
  return [...repeated(policies), ...[...called.values()].flatMap((there) => [...there.values()].flatMap(judge))];
}

function judge({ namespace, directions, callers, objects }: Called): Finding[] {
  if (objects.length === callers.length) return [];
  const where = `for ${directions.join(' and ')} in namespace "${namespace}"`;
  if (objects.length < callers.length) {
    const short = objects.length === 0 ? 'there is none' : `there is only ${objects.join(', ')}`;
    return callers.map((caller) =>
      objection('object-missing', pathOf(caller), `${whoOf(caller)} needs an object ${where}: ${short}`),
    );
  }
  const why =
    callers.length === 0
      ? `is called for by nobody: no tier with the pods it selects needs an object ${where}`
      : `selects, like ${objects.length - 1} more, the pods of ${callers.map(whoOf).join(', ')} ${where}`;
  return objects.map((ref) => objection('object-unexpected', ref, `NetworkPolicy ${ref} ${why}`));
}

function whoOf({ kind, name }: Caller): string {
  return kind === 'tier' ? `tier "${name}"` : 'default deny';
}

function pathOf({ kind, name }: Caller): string {
  return kind === 'tier' ? `tier/${name}` : `namespace/${name}`;
}

function repeated(policies: readonly RenderedPolicy[]): Finding[] {
  const seen = new Set<string>();
  const again = policies.filter(({ ref }) => seen.size === seen.add(ref).size);
  return again.map(({ ref }) =>
    objection('object-repeated', ref, `NetworkPolicy ${ref} stands twice: where they are applied, the last one holds`),
  );
}
