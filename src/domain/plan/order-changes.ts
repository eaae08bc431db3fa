import type { NetworkPolicy, PolicyType } from '../kubernetes/network-policy.js';
import { holdsAll, isolatesAll, meetings } from './selection.js';
import type { ChangedObject } from './step.js';

/** In which order the objects of a namespace change, and which of them cannot without a copy of what they said before. */
export interface ChangeOrder {
  /** Each of them when all that its pods need elsewhere is in place, or kept. */
  readonly inOrder: readonly ChangedObject[];
  /** Those that only let go of pods: after the default deny has come or gone. */
  readonly late: readonly ChangedObject[];
  /** Of `inOrder`: what they said before stays under another name until all is done. */
  readonly kept: ReadonlySet<ChangedObject>;
}

/**
 * A change that takes rights from pods waits for every change that gives such pods rights: at each moment a pod then has all it had or all
 * it gets. Changes that wait for each other in a ring (two tiers that swap their labels) have no order; one of them is kept. Where
 * the default deny comes or goes (`denyMoves`), pods may be let go only after it, or its copy must hold them until then.
 * @example orderChanges([frontend, backend], new Set()).kept.size // 1, where they swap labels
 */
export function orderChanges(changes: readonly ChangedObject[], denyMoves: ReadonlySet<PolicyType>): ChangeOrder {
  const byDeny = changes.filter((change) => letsGo(change) && rules(change.before, denyMoves));
  const late = new Set(byDeny.filter(({ before, after }) => holdsAll(before, after)));
  const kept = new Set(byDeny.filter((change) => !late.has(change)));
  const inOrder = sortByNeed(
    changes.filter((change) => !late.has(change)),
    kept,
  );
  return { inOrder, late: [...late], kept };
}

/** Some pod may be selected before and not after. */
export function letsGo({ before, after }: ChangedObject): boolean {
  return !isolatesAll(after, before);
}

function rules(policy: NetworkPolicy, types: ReadonlySet<PolicyType>): boolean {
  return policy.spec.policyTypes.some((type) => types.has(type));
}

interface Visit {
  readonly change: ChangedObject;
  readonly needs: Iterator<ChangedObject>;
}

/** Depth first, without recursion, as a chain can be as long as a namespace has objects. What is met while still open closes a ring. */
function sortByNeed(changes: readonly ChangedObject[], kept: Set<ChangedObject>): ChangedObject[] {
  const needsOf = needsAmong(changes);
  const seen = new Set<ChangedObject>();
  const done = new Set<ChangedObject>();
  for (const first of changes) {
    const open: Visit[] = [];
    const enter = (change: ChangedObject): void => void open.push({ change, needs: needsOf(change) });
    if (!seen.has(first)) enter(first);
    for (let visit = open.at(-1); visit !== undefined; visit = open.at(-1)) {
      seen.add(visit.change);
      const need = kept.has(visit.change) ? undefined : nextOf(visit);
      if (need === undefined) done.add((open.pop() ?? visit).change);
      else if (!seen.has(need)) enter(need);
      else if (!done.has(need)) kept.add(visit.change);
    }
  }
  return [...done];
}

function nextOf({ needs }: Visit): ChangedObject | undefined {
  const next = needs.next();
  return next.done === true ? undefined : next.value;
}

/** The other changes that may give something to pods from which this one takes something. */
function needsAmong(changes: readonly ChangedObject[]): (change: ChangedObject) => Generator<ChangedObject> {
  const comingTo = meetings(changes, ({ after }) => after);
  const gives = new Map<ChangedObject, boolean>();
  const givesSomething = (change: ChangedObject): boolean => {
    const known = gives.get(change) ?? !holdsAll(change.before, change.after);
    gives.set(change, known);
    return known;
  };
  return function* (change) {
    let takes: boolean | undefined;
    for (const other of comingTo(change.before)) {
      if (other === change) continue;
      takes ??= !holdsAll(change.after, change.before);
      if (!takes) return;
      if (givesSomething(other)) yield other;
    }
  };
}
