import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { letsGo, orderChanges, type ChangeOrder } from './order-changes.js';
import type { Origin } from './origins.js';
import type { NamespaceChange } from './pairs.js';
import type { ChangedObject, ObjectPair, PlanStep, StepReason } from './step.js';
import * as why from './why.js';
import { widen, type Widened } from './widen.js';

export type Step = Omit<PlanStep, 'number'>;

/** The phases of a plan. Namespaces do not wait for each other, so all of them go through a phase before the next one begins. */
export const PHASES = ['keep', 'bring', 'narrow', 'deny', 'undeny', 'let-go', 'remove', 'drop'] as const;
export type Phase = (typeof PHASES)[number];
export type NamespaceSteps = Readonly<Record<Phase, readonly Step[]>>;

/** What is decided for a namespace before steps are written. The order of each list is that of the steps. */
interface Decided {
  readonly order: ChangeOrder;
  /** What lets pods go, the last one first: in this order their wider forms can also be put back by a script that is run again. */
  readonly leaving: readonly ObjectPair[];
  /** By the object of the new version: the wider form in which it first appears. */
  readonly coming: ReadonlyMap<NetworkPolicy, Widened>;
  /** By the object of the old version: the wider form in which it stays until it goes. */
  readonly going: ReadonlyMap<NetworkPolicy, Widened>;
  readonly origins: ReadonlyMap<ObjectPair, Origin>;
}

/** The steps of one namespace, phase by phase. */
export function namespaceSteps(change: NamespaceChange, origins: ReadonlyMap<ObjectPair, Origin>): NamespaceSteps {
  const decided = decide(change, origins);
  const { creates, deletes, denies } = change;
  const { order, coming, leaving } = decided;
  const kept = order.inOrder.filter((pair) => order.kept.has(pair));
  return {
    keep: [...new Set([...leaving, ...kept])].flatMap((pair) => keep(pair, decided)),
    bring: [...creates.map((pair) => bring(pair, decided)), ...order.inOrder.map((pair) => bring(pair, decided))],
    narrow: [...creates, ...order.inOrder].flatMap((pair) => narrow(pair, coming)),
    deny: denies.created.map((pair) => step('default-deny-added', pair, why.whyDenyAdded(pair), pair.after)),
    undeny: denies.deleted.map((pair) => step('default-deny-removed', pair, why.whyDenyRemoved(pair), undefined)),
    'let-go': order.late.map((pair) => bring(pair, decided)),
    remove: deletes.map((pair) => remove(pair, origins.get(pair))),
    drop: kept.map((pair) => step('dropped', copyOf(pair), why.whyDropped(pair), undefined)),
  };
}

function decide({ creates, changes, deletes, denied }: NamespaceChange, origins: Decided['origins']): Decided {
  const moves = [...denied.before].filter((type) => !denied.after.has(type));
  const comes = [...denied.after].filter((type) => !denied.before.has(type));
  const order = orderChanges(changes, new Set([...moves, ...comes]));
  const gains = order.inOrder.filter((pair) => letsGo(turned(pair)));
  const coming = [...creates, ...gains].flatMap(({ after }) => after ?? []);
  const losing = order.inOrder.filter(letsGo);
  const leaving: ObjectPair[] = [
    ...losing.filter((pair) => !order.kept.has(pair)),
    ...order.late,
    ...deletes,
    ...losing.filter((pair) => order.kept.has(pair)),
  ].reverse();
  const going = leaving.flatMap(({ before }) => before ?? []);
  return { order, leaving, coming: widen(coming, denied.before), going: widen(going, denied.after), origins };
}

/** Seen from the other version. */
function turned(pair: ChangedObject): ChangedObject {
  return { ...pair, before: pair.after, after: pair.before };
}

function keep(pair: ObjectPair, { order, going }: Decided): Step[] {
  const { before } = pair;
  if (before === undefined) return [];
  const wide = going.get(before);
  const policy = wide?.policy ?? before;
  if (isChanged(pair) && order.kept.has(pair)) {
    const copy = copyOf(pair);
    const metadata = { ...policy.metadata, name: copy.name };
    return [step('kept', copy, why.whyKept(pair, wide?.others ?? []), { ...policy, metadata })];
  }
  return wide === undefined ? [] : [step('widened', pair, why.whyWidened(pair, wide.others, 'going'), policy)];
}

function bring(pair: ObjectPair, { order, coming, origins }: Decided): Step {
  const wide = pair.after === undefined ? undefined : coming.get(pair.after);
  if (wide !== undefined) return step('widened', pair, why.whyWidened(pair, wide.others, 'coming'), wide.policy);
  const origin = origins.get(pair);
  if (!isChanged(pair)) return step(origin?.reason ?? 'added', pair, why.whyAdded(pair, origin), pair.after);
  const kept = order.kept.has(pair);
  const samePods = !letsGo(pair) && !letsGo(turned(pair));
  return samePods
    ? step('changed', pair, why.whyChanged(pair, kept), pair.after)
    : step('reselected', pair, why.whyReselected(pair, kept), pair.after);
}

function narrow(pair: ObjectPair, coming: ReadonlyMap<NetworkPolicy, Widened>): Step[] {
  if (pair.after === undefined || !coming.has(pair.after)) return [];
  return [{ ...step('narrowed', pair, why.whyNarrowed(pair), pair.after), action: 'change' }];
}

function remove(pair: ObjectPair, origin: Origin | undefined): Step {
  return step(origin?.reason ?? 'removed', pair, why.whyRemoved(pair, origin), undefined);
}

/** No tier has a dot in its name, so the name of a copy never meets that of an object. */
function copyOf(pair: ObjectPair): ObjectPair {
  return { ...pair, name: `${pair.name}.before`, before: undefined };
}

function isChanged(pair: ObjectPair): pair is ChangedObject {
  return pair.before !== undefined && pair.after !== undefined;
}

function step(reason: StepReason, pair: ObjectPair, sentence: string, object: NetworkPolicy | undefined): Step {
  const { namespace, name } = pair;
  if (object === undefined) return { action: 'delete', reason, namespace, name, why: sentence };
  return { action: pair.before === undefined ? 'create' : 'change', reason, namespace, name, why: sentence, object };
}
