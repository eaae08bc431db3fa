import { compareText } from '../errors.js';
import type { Labels } from '../model/labels.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { sameValue } from '../diff/same-value.js';
import { carriesLabels, ENVIRONMENT } from '../plan/owned.js';
import { planSteps } from '../plan/plan.js';
import type { PlanStep } from '../plan/step.js';
import { MANAGED_BY } from '../render/render.js';
import type { LiveObject } from './live-objects.js';

/** Who applies, as the cluster remembers it. */
export const FIELD_MANAGER = 'sluice';

/** What an environment's version is to become in a cluster. */
export interface ClusterOrder {
  readonly environment: string;
  /** The objects of the version. */
  readonly wanted: readonly NetworkPolicy[];
  readonly live: readonly LiveObject[];
  /** `namespace/name` of objects that earlier versions had: the other way to know that an object is of this environment. */
  readonly inventory: ReadonlySet<string>;
  /** What becomes of own objects that the version does not have. */
  readonly surplus: 'kept' | 'pruned';
  /** What becomes of objects of others that stand under the name of one of the version. */
  readonly foreign: 'refused' | 'taken';
}

/** The way from what a cluster has to a version. */
export interface ClusterPlan {
  readonly steps: readonly PlanStep[];
  /** Objects of others in the way, `namespace/name`, sorted: where there are any, nothing is to be done. */
  readonly foreign: readonly string[];
  /** Objects with the labels of the environment that nothing else says are its own: they are left alone, `namespace/name`, sorted. */
  readonly doubtful: readonly string[];
  /** Own objects that the version does not have and that are kept, `namespace/name`, sorted. */
  readonly kept: readonly string[];
}

/**
 * Plans from what is there, so also from where an earlier run ended. Own are objects that carry the labels of the environment and were applied
 * by our field manager or stand in an inventory; no other is ever deleted. Refuses nothing: `foreign` names what stands in the way.
 * @example planCluster({ environment: 'dev', wanted, live: [], inventory: new Set(), surplus: 'pruned', foreign: 'refused' }).steps
 */
export function planCluster(order: ClusterOrder): ClusterPlan {
  const { wanted, live } = order;
  const names = new Set(wanted.map(keyOf));
  const own = new Set(live.filter((object) => isOwn(object, order)));
  const others = live.filter((object) => !own.has(object));
  const taken = order.foreign === 'taken' ? others.filter(({ policy }) => names.has(keyOf(policy))) : [];
  const before = [...own, ...taken].map(({ policy }) => withOurNotes(policy));
  const kept = before.filter((policy) => staysBeside(policy, names, order));
  const steps = withFreshCopies(planSteps(before, [...wanted, ...kept]), before, order.environment);
  const touched = new Set([...names, ...steps.map(({ namespace, name }) => `${namespace}/${name}`)]);
  const foreign = others.filter((object) => !taken.includes(object) && touched.has(keyOf(object.policy)));
  const doubtful = others.filter(({ policy }) => carriesLabels(policy.metadata, order.environment));
  return {
    steps,
    foreign: namesOf(foreign),
    doubtful: namesOf(doubtful.filter(({ policy }) => !names.has(keyOf(policy)))),
    kept: kept.map(keyOf).sort(compareText),
  };
}

/** Whether an object may be deleted: it is there on behalf of this environment. */
export function isOwn(
  { policy, appliers }: LiveObject,
  { environment, inventory }: Pick<ClusterOrder, 'environment' | 'inventory'>,
): boolean {
  const known = appliers.includes(FIELD_MANAGER) || inventory.has(keyOf(policy));
  return known && carriesLabels(policy.metadata, environment);
}

/**
 * The objects of a version that a cluster does not have as they should be, `namespace/name`: what others wrote into them counts, too.
 * @example missingFrom(live, wanted) // []
 */
export function missingFrom(live: readonly LiveObject[], wanted: readonly NetworkPolicy[]): string[] {
  const there = new Map(live.map(({ policy }) => [keyOf(policy), withOurNotes(policy)]));
  return wanted.filter((policy) => !sameValue(there.get(keyOf(policy)), policy)).map(keyOf);
}

/** A copy that a plan made for the time being (its name has a dot, which no name of an object has) goes in any case. */
function staysBeside({ metadata }: NetworkPolicy, names: ReadonlySet<string>, { surplus }: ClusterOrder): boolean {
  return surplus === 'kept' && !names.has(`${metadata.namespace}/${metadata.name}`) && !metadata.name.includes('.');
}

/**
 * A run that ended early has left its copies, which this plan takes for objects like any other; those that it makes itself under the
 * same name get another one. A copy is an own object, also where it is of what someone else has made.
 */
function withFreshCopies(
  steps: readonly PlanStep[],
  before: readonly NetworkPolicy[],
  environment: string,
): PlanStep[] {
  const there = new Set(before.map(keyOf));
  return steps.map((step) => {
    if (step.reason !== 'kept' && step.reason !== 'dropped') return step;
    let { name } = step;
    for (let n = 2; there.has(`${step.namespace}/${name}`); n++) name = `${step.name}.${n}`;
    if (step.object === undefined) return { ...step, name };
    const { metadata } = step.object;
    const labels = { ...metadata.labels, [MANAGED_BY]: 'sluice', [ENVIRONMENT]: environment };
    return { ...step, name, object: { ...step.object, metadata: { ...metadata, name, labels } } };
  });
}

/** Without labels and annotations that others hang on objects: they stay where they are. */
function withOurNotes(policy: NetworkPolicy): NetworkPolicy {
  const { name, namespace, labels, annotations } = policy.metadata;
  const notes = { ...ours('labels', labels), ...ours('annotations', annotations) };
  return { ...policy, metadata: { name, namespace, ...notes } };
}

function ours(field: 'labels' | 'annotations', notes: Labels = {}): Partial<Record<typeof field, Labels>> {
  const own = Object.entries(notes).filter(([key]) => key === MANAGED_BY || key.startsWith('sluice.dev/'));
  return own.length === 0 ? {} : { [field]: Object.fromEntries(own) };
}

function namesOf(objects: readonly LiveObject[]): string[] {
  return objects.map(({ policy }) => keyOf(policy)).sort(compareText);
}

export function keyOf({ metadata }: Pick<NetworkPolicy, 'metadata'>): string {
  return `${metadata.namespace}/${metadata.name}`;
}
