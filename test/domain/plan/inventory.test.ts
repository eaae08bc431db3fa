import { describe, expect, test } from 'vitest';
import { applySet, applySetId } from '../../../src/domain/plan/apply-set.js';
import { inventoryOf, pruneList } from '../../../src/domain/plan/inventory.js';
import { planSteps } from '../../../src/domain/plan/plan.js';
import { syncWaves, SYNC_WAVE } from '../../../src/domain/plan/sync-waves.js';
import { allow, deny } from './objects.js';

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);

describe('an ApplySet', () => {
  test('has the id that kubectl computes', () => {
    expect(applySetId({ name: 'my-set', namespace: 'test', kind: 'Secret', group: '' })).toBe(
      'applyset-0eFHV8ySqp7XoShsGvyWFQD3s96yqwHmzc4e0HR1dsY-v1',
    );
    expect(applySetId({ name: 'np-prod', namespace: 'netpol-system', kind: 'ConfigMap', group: '' })).toBe(
      'applyset-QNES19-G5m5ycVp0td5DsSGDDipAQelg2TFv15fy_gs-v1',
    );
  });

  test('is one for an environment, and one for each of its namespaces', () => {
    expect(applySet('prod')).toMatchObject({ kind: 'ConfigMap', namespace: 'sluice-system', name: 'sluice-prod' });
    expect(applySet('prod', 'shop')).toMatchObject({ namespace: 'shop', name: 'sluice-prod' });
    expect(new Set([applySet('prod').id, applySet('dev').id, applySet('prod', 'shop').id]).size).toBe(3);
  });
});

describe('an inventory', () => {
  test('names every object, by namespace', () => {
    const { objects, namespaces } = inventoryOf('dev', [deny('zoo'), deny(), web, db]);
    expect(objects).toBe(4);
    expect(namespaces.map(({ namespace, objects }) => [namespace, ...objects])).toEqual([
      ['shop', 'allow-db-ingress', 'allow-web-ingress', 'default-deny-all'],
      ['zoo', 'default-deny-all'],
    ]);
    expect(namespaces[1]?.applySet).toEqual(applySet('dev', 'zoo'));
  });
});

describe('a prune list', () => {
  test('names what goes: removed, renamed, moved, and all of a namespace that leaves', () => {
    const renamed = allow('front', { app: 'web' }, ['users']);
    const job = allow('job', { app: 'job' }, [], 'zoo');
    expect(pruneList([web, db, deny(), job, deny('zoo')], [renamed, deny(), allow('job', { app: 'job' }, [])])).toEqual(
      [
        { namespace: 'shop', objects: ['allow-db-ingress', 'allow-web-ingress'], namespaceLeaves: false },
        { namespace: 'zoo', objects: ['allow-job-ingress', 'default-deny-all'], namespaceLeaves: true },
      ],
    );
    expect(pruneList([], [web])).toEqual([]);
    expect(pruneList([web], [web])).toEqual([]);
  });
});

describe('sync waves', () => {
  const waves = (...[before, after]: Parameters<typeof planSteps>): unknown => {
    const answer = syncWaves(before, after, planSteps(before, after));
    if (answer.kind === 'impossible') return answer.reasons;
    return answer.objects.map(({ metadata }) => `${metadata.name} ${metadata.annotations?.[SYNC_WAVE]}`);
  };

  test('have the default deny last, and nothing else to wait for as a rule', () => {
    expect(waves([], [db, web, deny()])).toEqual(['allow-db-ingress 0', 'allow-web-ingress 0', 'default-deny-all 1']);
    const passedOn = [allow('web', { app: 'db' }, ['users']), allow('db', { app: 'd' }, ['web']), deny()];
    expect(waves([web, db, deny()], passedOn)).toEqual([
      'allow-web-ingress 0',
      'allow-db-ingress 1',
      'default-deny-all 2',
    ]);
  });

  test('are refused where they cannot do it', () => {
    const swapped = [allow('web', { app: 'db' }, ['users']), allow('db', { app: 'web' }, ['web']), deny()];
    expect(waves([web, db, deny()], swapped)).toEqual([expect.stringContaining('shop/allow-web-ingress.before')]);
    expect(waves([web, deny()], [])).toEqual([
      'in namespace shop the default deny must be gone before allow-web-ingress is touched',
    ]);
  });
});
