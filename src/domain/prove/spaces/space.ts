import type { NetworkPolicy } from '../../kubernetes/network-policy.js';
import type { Declared } from '../declared/declared.js';
import { tiersByNamespace, type DeclaredTier } from '../declared/declared-tier.js';
import type { Outside } from '../pods/outside.js';
import type { PodSet } from '../pods/pod-set.js';
import { renderedPolicy, type RenderedPolicy } from '../rendered/rendered-policy.js';
import { renderedRules } from '../rendered/rendered-rules.js';
import type { Tables } from '../tables.js';
import { lookThrough } from './look-through.js';
import { sameTiers } from './same-tiers.js';

/** A namespace: what is declared for its pods, and the objects that hold for them. No other object does, so its sides depend on nothing else. */
export interface Space {
  readonly namespace: string;
  /** Under the default deny, as a managed namespace is where the profile has it. */
  readonly denied: boolean;
  readonly tiers: readonly DeclaredTier[];
  readonly objects: readonly NetworkPolicy[];
  readonly policies: readonly RenderedPolicy[];
  /** The parts of all sets of pods that either names. */
  readonly parts: ReadonlySet<PodSet>;
  /** What was found where the two do not name the same. */
  readonly differing: readonly Outside[];
}

/** The namespaces of a proof, in order, and those of them and of the proof before that are not as they were. */
export interface Spaces {
  readonly all: readonly Space[];
  readonly changed: ReadonlySet<string>;
}

/**
 * Puts together what is declared and what is rendered, by namespace, and looks through each. One that is as it was in an earlier proof, with the same
 * tables, is not looked through again: its tiers are compared by value, its objects by identity, as those who read bytes give the same objects for
 * the same bytes.
 */
export function spacesOf(
  declared: Declared,
  objects: readonly NetworkPolicy[],
  { read, split, numbers }: Tables,
  earlier: readonly Space[],
): Spaces {
  const known = new Map(earlier.map((space) => [space.namespace, space]));
  const changed = new Set(known.keys());
  const rulesOf = renderedRules(numbers, read, split);
  const look = (own: Pick<Space, 'namespace' | 'denied' | 'tiers' | 'objects'>): Space => {
    const before = known.get(own.namespace);
    if (before !== undefined && isAsBefore(own, before)) {
      changed.delete(own.namespace);
      return { ...before, ...own };
    }
    changed.add(own.namespace);
    const policies = own.objects.map((object) => renderedPolicy(object, read));
    return { ...own, policies, ...lookThrough(own.tiers, policies, { rulesOf, split, numbers }) };
  };
  return { all: apart(declared, objects).map(look), changed };
}

function isAsBefore(own: Pick<Space, 'denied' | 'tiers' | 'objects'>, before: Space): boolean {
  return (
    own.denied === before.denied &&
    own.objects.length === before.objects.length &&
    own.objects.every((object, index) => object === before.objects[index]) &&
    sameTiers(own.tiers, before.tiers)
  );
}

/** Managed namespaces, and those that objects stand in. */
function apart(
  { tiers, namespaces, defaultDeny }: Declared,
  objects: readonly NetworkPolicy[],
): Pick<Space, 'namespace' | 'denied' | 'tiers' | 'objects'>[] {
  const tiersOf = tiersByNamespace(tiers);
  const objectsOf = new Map<string, NetworkPolicy[]>(namespaces.map((namespace) => [namespace, []]));
  for (const object of objects) {
    const { namespace } = object.metadata;
    const others = objectsOf.get(namespace);
    if (others === undefined) objectsOf.set(namespace, [object]);
    else others.push(object);
  }
  return [...objectsOf].map(([namespace, own]) => {
    const there = tiersOf.get(namespace);
    return { namespace, denied: defaultDeny && there !== undefined, tiers: there ?? [], objects: own };
  });
}
