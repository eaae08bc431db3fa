import { type ClusterOrder, isOwn, keyOf } from '../../domain/cluster/cluster-plan.js';
import type { LiveObject } from '../../domain/cluster/live-objects.js';
import { SluiceError } from '../../domain/errors.js';
import type { PlanStep } from '../../domain/plan/step.js';
import { applyObject, deleteObject, type Kubectl, oneObject } from './kubectl.js';

export interface Run {
  readonly kubectl: Kubectl;
  readonly order: ClusterOrder;
  readonly steps: readonly PlanStep[];
  /** Before each step. */
  readonly say: (step: PlanStep) => void;
}

/** How far it came: all steps, or all before the one that failed. Every prefix of a plan is safe to stay at. */
export type Ran =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly done: number; readonly step: PlanStep; readonly why: string };

/** One step after the other, up to the first that fails. */
export async function runSteps(run: Run): Promise<Ran> {
  const uids = new Map(run.order.live.map((object) => [keyOf(object.policy), object.uid]));
  for (const [done, step] of run.steps.entries()) {
    run.say(step);
    try {
      await runStep(run, step, uids);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      return { kind: 'failed', done, step, why: error.message };
    }
  }
  return { kind: 'done' };
}

async function runStep({ kubectl, order }: Run, step: PlanStep, uids: ReadonlyMap<string, string>): Promise<void> {
  const { namespace, name, object } = step;
  if (object !== undefined) return applyObject(kubectl, object, order.foreign === 'taken' ? 'forced' : 'refused');
  const now = await oneObject(kubectl, namespace, name);
  if (now === undefined) return undefined;
  holdOwn(now, order, uids.get(`${namespace}/${name}`));
  return deleteObject(kubectl, now);
}

/** Looked at again before it is deleted, and only what was looked at is: meanwhile someone may have put theirs in its place. */
function holdOwn(now: LiveObject, order: ClusterOrder, uid: string | undefined): void {
  if (isOwn(now, order) && (uid === undefined || uid === now.uid)) return;
  throw new SluiceError('invalid', `${keyOf(now.policy)} is not the object that was planned to go: it is left alone`);
}
