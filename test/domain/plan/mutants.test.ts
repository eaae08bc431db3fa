import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { planSteps } from '../../../src/domain/plan/plan.js';
import type { PlanStep, StepReason } from '../../../src/domain/plan/step.js';
import { allowedBy, cutsOf, statesOf, type Cast } from './along-the-way.js';
import { allow, deny } from './objects.js';

// Each way to break a plan meets a pair of versions for which the law no longer holds: so the law can fail, and each rule is needed.

const pods = [{ app: 'users' }, { app: 'web' }, { app: 'db' }, { app: 'web', track: 'canary' }, { app: 'testers' }];
const workloads = pods.map((labels, at) => ({ namespace: 'shop', name: `pod-${at}`, kind: 'Pod', labels }));
const refs = workloads.map(({ name }) => `shop/${name}[Pod]`);
const cast: Cast = {
  workloads,
  pairs: refs.flatMap((src) => refs.filter((dst) => dst !== src).map((dst) => [src, dst] as const)),
};

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);
const canary = allow('canary', { track: 'canary' }, ['testers']);
const swapped = [allow('web', { app: 'db' }, ['users', 'web']), allow('db', { app: 'web' }, ['users', 'web'])];
const takesOver = [allow('web', { app: 'old' }, ['users']), allow('a-web', { app: 'web' }, ['users'])];

type Mutant = (steps: readonly PlanStep[]) => readonly PlanStep[];

const first =
  (reason: StepReason): Mutant =>
  (steps) => [...steps.filter((step) => step.reason === reason), ...steps.filter((step) => step.reason !== reason)];
const last =
  (reason: StepReason): Mutant =>
  (steps) => [...steps.filter((step) => step.reason !== reason), ...steps.filter((step) => step.reason === reason)];
const without =
  (...reasons: StepReason[]): Mutant =>
  (steps) =>
    steps.filter(({ reason }) => !reasons.includes(reason));
/** The form that an object ends with, at once. */
const neverWide: Mutant = (steps) =>
  steps.map((step) => {
    const end = steps.findLast(({ name, object }) => name === step.name && object !== undefined)?.object;
    return step.reason === 'widened' && end !== undefined ? { ...step, object: end } : step;
  });

const MUTANTS: readonly (readonly [string, Mutant, readonly NetworkPolicy[], readonly NetworkPolicy[]])[] = [
  ['the default deny first', first('default-deny-added'), [], [web, db, deny()]],
  ['the default deny as the last to go', last('default-deny-removed'), [web, db, deny()], []],
  [
    'the old name before the new one',
    (steps) => [...steps].reverse(),
    [web, deny()],
    [allow('front', { app: 'web' }, ['users']), deny()],
  ],
  ['who takes before who gives', (steps) => [...steps].reverse(), [web, deny()], [...takesOver, deny()]],
  ['no copy where labels are swapped', without('kept', 'dropped'), [web, db, deny()], [...swapped, deny()]],
  ['no rules of others on the way in', neverWide, [], [canary, web]],
  ['no rules of others on the way out', without('widened'), [canary, web], []],
];

describe('a plan is no longer safe with', () => {
  test.each(MUTANTS)('%s', (_, mutant, before, after) => {
    const ends = [allowedBy(cast, before, 'Ingress'), allowedBy(cast, after, 'Ingress')] as const;
    const cuts = (steps: readonly PlanStep[]): string[] =>
      statesOf(before, steps).flatMap((state) => cutsOf(cast, ...ends, allowedBy(cast, state, 'Ingress')));
    const steps = planSteps(before, after);
    expect(cuts(steps)).toEqual([]);
    expect(cuts(mutant(steps))).not.toEqual([]);
  });
});
