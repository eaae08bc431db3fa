import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { planSteps } from '../../../src/domain/plan/plan.js';
import { allow, deny } from './objects.js';

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);

/** Each step in a line: action, reason, object. */
function linesOf(before: readonly NetworkPolicy[], after: readonly NetworkPolicy[]): string[] {
  return planSteps(before, after).map(
    ({ action, reason, namespace, name }) => `${action} ${namespace}/${name} ${reason}`,
  );
}

describe('the steps of a plan', () => {
  test('of the same version: none', () => {
    expect(linesOf([web, db, deny()], [deny(), db, web])).toEqual([]);
  });

  test('of a first apply: allows, then the default denies', () => {
    expect(linesOf([], [db, web, deny(), allow('job', { app: 'job' }, [], 'zoo'), deny('zoo')])).toEqual([
      'create shop/allow-db-ingress added',
      'create shop/allow-web-ingress added',
      'create zoo/allow-job-ingress added',
      'create shop/default-deny-all default-deny-added',
      'create zoo/default-deny-all default-deny-added',
    ]);
  });

  test('of everything going: the default denies first', () => {
    expect(linesOf([db, web, deny()], [])).toEqual([
      'delete shop/default-deny-all default-deny-removed',
      'delete shop/allow-db-ingress removed',
      'delete shop/allow-web-ingress removed',
    ]);
  });

  test('of other rules, and of other labels: one for each object, and no copy', () => {
    const after = [allow('web', { app: 'web' }, ['cdn']), allow('db', { app: 'database' }, ['web']), deny()];
    expect(linesOf([web, db, deny()], after)).toEqual([
      'change shop/allow-db-ingress reselected',
      'change shop/allow-web-ingress changed',
    ]);
  });

  test('of a tier that is renamed, and of an object that is: the new name first, the old name last', () => {
    const renamed = [
      allow('frontend', { app: 'web' }, ['users']),
      allow('db', { app: 'db' }, ['web'], 'shop', 'allow-shop-db-ingress'),
      deny(),
    ];
    expect(linesOf([web, db, deny()], renamed)).toEqual([
      'create shop/allow-frontend-ingress renamed',
      'create shop/allow-shop-db-ingress renamed',
      'delete shop/allow-db-ingress renamed',
      'delete shop/allow-web-ingress renamed',
    ]);
  });

  test('of an application that moves: the new namespace is whole before the old one goes', () => {
    const moved = [allow('web', { app: 'web' }, ['users'], 'mall'), deny('mall')];
    expect(linesOf([web, deny()], moved)).toEqual([
      'create mall/allow-web-ingress moved',
      'create mall/default-deny-all default-deny-added',
      'delete shop/default-deny-all default-deny-removed',
      'delete shop/allow-web-ingress moved',
    ]);
  });

  test('of labels that are passed on: who takes comes after who gives', () => {
    const before = [allow('a', { app: '1' }, ['x']), allow('b', { app: '2' }, ['y']), allow('c', { app: '3' }, ['z'])];
    const up = [allow('a', { app: '2' }, ['x']), allow('b', { app: '3' }, ['y']), allow('c', { app: '4' }, ['z'])];
    const down = [allow('a', { app: '0' }, ['x']), allow('b', { app: '1' }, ['y']), allow('c', { app: '2' }, ['z'])];
    const change = (...names: string[]) => names.map((name) => `change shop/allow-${name}-ingress reselected`);
    expect(linesOf([...before, deny()], [...up, deny()])).toEqual(change('a', 'b', 'c'));
    expect(linesOf([...before, deny()], [...down, deny()])).toEqual(change('c', 'b', 'a'));
  });

  test('of labels that are swapped: one of the two is kept in a copy', () => {
    const swapped = [allow('web', { app: 'db' }, ['users']), allow('db', { app: 'web' }, ['web']), deny()];
    expect(linesOf([web, db, deny()], swapped)).toEqual([
      'create shop/allow-web-ingress.before kept',
      'change shop/allow-web-ingress reselected',
      'change shop/allow-db-ingress reselected',
      'delete shop/allow-web-ingress.before dropped',
    ]);
    const [copy] = planSteps([web, db, deny()], swapped);
    expect(copy?.object).toEqual({ ...web, metadata: { ...web.metadata, name: 'allow-web-ingress.before' } });
  });

  test('of a default deny that comes or goes: it is there before, and gone before pods are let go', () => {
    const wide = allow('web', {}, ['users']);
    expect(linesOf([wide], [web, deny()])).toEqual([
      'create shop/default-deny-all default-deny-added',
      'change shop/allow-web-ingress reselected',
    ]);
    expect(linesOf([wide, deny()], [web])).toEqual([
      'delete shop/default-deny-all default-deny-removed',
      'change shop/allow-web-ingress reselected',
    ]);
  });

  test('of tiers that may share pods, where nothing isolates them yet: the first holds the rules of the second for the time being', () => {
    const canary = allow('canary', { track: 'canary' }, ['testers']);
    expect(linesOf([], [canary, web, deny()])).toEqual([
      'create shop/allow-canary-ingress widened',
      'create shop/allow-web-ingress added',
      'change shop/allow-canary-ingress narrowed',
      'create shop/default-deny-all default-deny-added',
    ]);
    const [first] = planSteps([], [canary, web, deny()]);
    expect(first?.object?.spec.ingress).toEqual([...(canary.spec.ingress ?? []), ...(web.spec.ingress ?? [])]);
    expect(linesOf([canary, web], [])).toEqual([
      'change shop/allow-web-ingress widened',
      'delete shop/allow-canary-ingress removed',
      'delete shop/allow-web-ingress removed',
    ]);
    expect(linesOf([deny()], [canary, web, deny()])).toHaveLength(2);
  });

  test('says why in sentences', () => {
    const sentences = planSteps([web, deny()], [allow('web', { app: 'web' }, ['users'], 'mall'), deny('mall')]);
    expect(sentences.map(({ number, why }) => `${number} ${why}`)).toEqual([
      '1 ingress of shop/web was in namespace shop: this comes first, that goes last',
      '2 all that is allowed in namespace mall is in place, so nothing of it is cut',
      '3 as long as it isolates the pods of namespace shop, they need the objects that go after it',
      '4 ingress of shop/web is in namespace mall by now',
    ]);
  });
});

describe('a large estate', () => {
  const estate = (release: number): NetworkPolicy[] =>
    Array.from({ length: 5_000 }, (_, at) => allow(`t${at}`, { app: `a${at + release}` }, ['users'], `n${at % 2}`));

  test('is planned in seconds, though every tier takes the labels of another one', () => {
    const started = performance.now();
    expect(planSteps(estate(0), estate(2))).toHaveLength(5_000);
    expect(planSteps(estate(2), estate(0))).toHaveLength(5_000);
    expect(planSteps([], estate(0))).toHaveLength(5_000);
    expect(performance.now() - started).toBeLessThan(30_000);
  }, 60_000);

  test('is planned in seconds, though any pod could be of every tier', () => {
    const before = Array.from({ length: 1_000 }, (_, at) => allow(`t${at}`, { [`is-${at}`]: 'yes' }, [`c${at}`]));
    const after = Array.from({ length: 1_000 }, (_, at) => allow(`t${at}`, { [`was-${at}`]: 'yes' }, [`d${at}`]));
    const started = performance.now();
    expect(planSteps([], before)).toHaveLength(1_999);
    expect(planSteps(before, after).length).toBeGreaterThan(1_000);
    expect(performance.now() - started).toBeLessThan(30_000);
  }, 60_000);
});
