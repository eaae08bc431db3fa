import type { Direction } from '../../evaluate/grants.js';
import type { Finding } from '../../finding.js';
import type { Declared } from '../declared/declared.js';
import { isolates } from '../declared/declared-tier.js';
import type { PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';
import { objection } from './objection.js';
import type { RenderedPolicy } from './rendered-policy.js';

/** A tier or a namespace's default deny, which calls for an object. */
interface Caller {
  readonly who: string;
  readonly path: string;
}

/** Who calls for objects that select the same pods for the same directions, and which objects do. */
interface Called {
  readonly where: string;
  readonly callers: Caller[];
  readonly objects: string[];
}

const BOTH: readonly Direction[] = ['egress', 'ingress'];

/**
 * Holds the objects against the tiers: one object for each tier's egress, one for each tier's ingress that someone may use, one
 * default deny for each namespace where the profile has it, and nothing else. With this, the pods that an object selects are
 * those of a tier, whatever pods there will ever be.
 */
export function compareObjects(declared: Declared, policies: readonly RenderedPolicy[], read: ReadPods): Finding[] {
  const called = new Map<string, Map<string, Called>>();
  const at = (namespace: string, set: PodSet, directions: readonly Direction[]): Called => {
    const where = `for ${directions.join(' and ')} in namespace "${namespace}"`;
    const there = called.get(where) ?? new Map<string, Called>();
    const known = there.get(set.key) ?? { where, callers: [], objects: [] };
    called.set(where, there.set(set.key, known));
    return known;
  };
  for (const tier of declared.tiers) {
    const caller = { who: `tier "${tier.ref}"`, path: `tier/${tier.ref}` };
    for (const direction of BOTH)
      if (isolates(tier, direction)) at(tier.namespace, tier.set, [direction]).callers.push(caller);
  }
  for (const namespace of declared.defaultDeny ? declared.namespaces : [])
    at(namespace, read(namespace, {}), BOTH).callers.push({ who: 'default deny', path: `namespace/${namespace}` });
  for (const { namespace, set, directions, ref } of policies) at(namespace, set, directions).objects.push(ref);
  return [...repeated(policies), ...[...called.values()].flatMap((there) => [...there.values()].flatMap(judge))];
}

function judge({ where, callers, objects }: Called): Finding[] {
  if (objects.length === callers.length) return [];
  if (objects.length < callers.length) {
    const short = objects.length === 0 ? 'there is none' : `there is only ${objects.join(', ')}`;
    return callers.map(({ who, path }) =>
      objection('object-missing', path, `${who} needs an object ${where}: ${short}`),
    );
  }
  const why =
    callers.length === 0
      ? `is called for by nobody: no tier with the pods it selects needs an object ${where}`
      : `selects, like ${objects.length - 1} more, the pods of ${callers.map(({ who }) => who).join(', ')} ${where}`;
  return objects.map((ref) => objection('object-unexpected', ref, `NetworkPolicy ${ref} ${why}`));
}

function repeated(policies: readonly RenderedPolicy[]): Finding[] {
  const seen = new Set<string>();
  const again = policies.filter(({ ref }) => seen.size === seen.add(ref).size);
  return again.map(({ ref }) =>
    objection('object-repeated', ref, `NetworkPolicy ${ref} stands twice: where they are applied, the last one holds`),
  );
}
