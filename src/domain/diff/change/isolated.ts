import type { Direction, TierOfPods } from '../../compile/compiled.js';
import { DEFAULT_DENY } from '../../compile/name-tiers.js';
import { podsByNamespace } from '../../compile/place-tiers.js';
import { rulesOfTiers } from '../../compile/rules-of-tiers.js';
import { compareText } from '../../errors.js';
import { canOverlap } from '../../model/selector.js';
import type { Isolated, IsolatedTier } from './change.js';
import { addSelector, holdersOf, selectorIndex, type SelectorIndex } from './selector-index.js';
import type { Side } from './side.js';

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/** The tiers of pods of some namespaces, and the objects there that isolate pods. */
export interface Isolation {
  readonly tiers: readonly TierOfPods[];
  /** Namespaces with a default deny, in order. */
  readonly denied: ReadonlySet<string>;
  /** Those of tiers, by namespace; nobody asks where the default deny isolates all on both sides. */
  readonly objects: () => ReadonlyMap<string, ObjectsOfTiers>;
}

type ObjectsOfTiers = Readonly<Record<Direction, SelectorIndex>>;

/**
 * The objects of one side that isolate pods in `namespaces`, as compile makes them: egress of each tier, ingress of a tier with a rule,
 * and the default deny.
 * @example isolationOf(sideOf(snapshot), new Set(['shop'])).denied.has('shop')
 */
export function isolationOf(side: Side, namespaces: ReadonlySet<string>): Isolation {
  const { profile } = side.snapshot.environment;
  const placed = podsByNamespace(side.tiers.values()).filter(([namespace]) => namespaces.has(namespace));
  const tiers = placed.flatMap(([, pods]) => pods);
  let known: ReadonlyMap<string, ObjectsOfTiers> | undefined;
  return {
    tiers,
    denied: new Set(profile.defaultDeny ? placed.map(([namespace]) => namespace) : []),
    objects: () => (known ??= objectsOfTiers(side, tiers)),
  };
}

function objectsOfTiers(
  { snapshot, flows, objectOf }: Side,
  tiers: readonly TierOfPods[],
): Map<string, ObjectsOfTiers> {
  const rules = rulesOfTiers(tiers, flows, snapshot.environment.profile);
  const objects = new Map<string, ObjectsOfTiers>();
  for (const tier of tiers) {
    const own = objects.get(tier.namespace) ?? { egress: selectorIndex(), ingress: selectorIndex() };
    objects.set(tier.namespace, own);
    addSelector(own.egress, objectOf(tier, 'egress'), tier.podSelector);
    if ((rules.get(tier)?.ingress.rules.length ?? 0) > 0)
      addSelector(own.ingress, objectOf(tier, 'ingress'), tier.podSelector);
  }
  return objects;
}

/**
 * What some object isolates on one side and none on the other, sorted. It is pods that are compared: a tier that keeps its name and
 * takes other labels is isolated anew.
 * @example isolatedOnlyIn(isolationOf(after, all), isolationOf(before, all)).tiers[0]?.directions // ['egress', 'ingress']
 */
export function isolatedOnlyIn(here: Isolation, other: Isolation): Isolated {
  const tiers = here.tiers.flatMap((tier) => isolatedTier(tier, here, other) ?? []);
  return {
    tiers: tiers.sort((a, b) => compareText(a.tier, b.tier)),
    namespaces: [...here.denied].filter((namespace) => !other.denied.has(namespace)),
  };
}

function isolatedTier(tier: TierOfPods, here: Isolation, other: Isolation): IsolatedTier | undefined {
  const { ref, namespace, podSelector } = tier;
  const directions = DIRECTIONS.filter((direction) => !isIsolated(other, tier, direction));
  // No pod, nothing to isolate: every selector holds one that contradicts itself.
  if (directions.length === 0 || !canOverlap(podSelector, podSelector)) return undefined;
  const found = directions.map((direction) => ({ direction, policies: isolators(here, tier, direction) }));
  const isolated = found.filter(({ policies }) => policies.length > 0);
  if (isolated.length === 0) return undefined;
  const policies = [...new Set(isolated.flatMap((one) => one.policies))].sort(compareText);
  return { tier: ref, namespace, directions: isolated.map(({ direction }) => direction), policies };
}

function isIsolated(side: Isolation, tier: TierOfPods, direction: Direction): boolean {
  return side.denied.has(tier.namespace) || isolators(side, tier, direction).length > 0;
}

/** The objects that select all pods of the tier in a direction. */
function isolators({ denied, objects }: Isolation, tier: TierOfPods, direction: Direction): string[] {
  const { namespace, podSelector } = tier;
  const own = objects().get(namespace)?.[direction];
  return [
    ...(own === undefined ? [] : holdersOf(own, podSelector)),
    ...(denied.has(namespace) ? [`${namespace}/${DEFAULT_DENY}`] : []),
  ];
}
