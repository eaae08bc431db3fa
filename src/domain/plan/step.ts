import type { NetworkPolicy } from '../kubernetes/network-policy.js';

export const STEP_ACTIONS = ['create', 'change', 'delete'] as const;
export type StepAction = (typeof STEP_ACTIONS)[number];

/** Why an object is touched at this place of the plan: a closed list. */
export const STEP_REASONS = [
  'added', // nothing was said of these pods in this direction
  'renamed', // the same under another name: the new name comes first, the old one goes last
  'moved', // its application is placed in another namespace: there it comes first, here it goes last
  'changed', // the same pods, other rules or notes
  'reselected', // other pods
  'kept', // a copy of what an object says before its change, for pods that need it until all others have changed
  'widened', // for the time being it also holds rules of objects that could select the same pods
  'narrowed', // those others are there, so it says what it should
  'default-deny-added', // all that is allowed in the namespace is in place
  'default-deny-removed', // before anything goes that pods of the namespace need as long as it isolates them
  'removed', // the new version has nothing in its place
  'dropped', // a kept copy that nobody needs any more
] as const;
export type StepReason = (typeof STEP_REASONS)[number];

/** One object touched. Steps with the reasons kept, widened, narrowed and dropped are in-between: neither version has what they write. */
export interface PlanStep {
  /** From 1, without a gap. */
  readonly number: number;
  readonly action: StepAction;
  readonly reason: StepReason;
  readonly namespace: string;
  readonly name: string;
  readonly why: string;
  /** What is applied; nothing where the object is deleted. */
  readonly object?: NetworkPolicy;
}

/** What two versions say of one object: one of them may say nothing. */
export interface ObjectPair {
  readonly namespace: string;
  readonly name: string;
  readonly before: NetworkPolicy | undefined;
  readonly after: NetworkPolicy | undefined;
}

/** An object that both versions have, and that says something else. */
export type ChangedObject = ObjectPair & { readonly before: NetworkPolicy; readonly after: NetworkPolicy };
