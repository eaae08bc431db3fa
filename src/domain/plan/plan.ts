import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { namespaceSteps, PHASES } from './namespace-steps.js';
import { findOrigins } from './origins.js';
import { changesByNamespace } from './pairs.js';
import type { PlanStep } from './step.js';

/**
 * The way from the objects of one version to those of another, an object at a time, so that at no moment a connection is denied that both
 * versions allow. Takes valid NetworkPolicies as they are rendered; `before` is empty for a first apply. Objects that stay as they are have
 * no step; `planSteps(a, a)` is empty. Refuses nothing.
 *
 * Why it holds: a pod's direction is judged by the objects of its namespace alone, so each namespace is planned for itself. A pod that both
 * versions isolate has at each moment all it had or all it gets, as changes that take something wait for those that give it, or are kept
 * in a copy (order-changes.ts). A pod that becomes isolated has all it gets with the first object that selects it, one that becomes free all it
 * had until the last one goes (widen.ts). The default deny comes when all is in place, and goes before anything that its pods need.
 * @example planSteps([], objects)[0] // { number: 1, action: 'create', reason: 'added', namespace: 'shop', name: 'allow-backend-egress', ... }
 */
export function planSteps(before: readonly NetworkPolicy[], after: readonly NetworkPolicy[]): PlanStep[] {
  const changes = changesByNamespace(before, after);
  const origins = findOrigins(changes);
  const namespaces = changes.map((change) => namespaceSteps(change, origins));
  const steps = PHASES.flatMap((phase) => namespaces.flatMap((one) => one[phase]));
  return steps.map((step, at) => ({ number: at + 1, ...step }));
}
