import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookup, type LookupKind } from '../../src/store/lookups.js';
import { related, type RelationName } from '../../src/store/relations.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(() => sluice.close());

const SHOP = { environment: 'dev', application: 'shop' };
const FLOW = { name: 'frontend-to-backend' };

/** Each relation, keys that lead to one object of the small example (and one that leads nowhere), and that object. */
const RELATIONS: readonly [RelationName, string[], LookupKind, Record<string, string>][] = [
  ['team by name', ['demo', 'nobody'], 'team', { name: 'demo' }],
  ['application by name', ['shop', 'nothing'], 'application', { name: 'shop' }],
  ['application of team', ['demo', 'nobody'], 'application', { name: 'shop' }],
  [
    'tier by reference',
    ['shop/backend', 'shop/nothing', 'nothing/backend'],
    'tier',
    { application: 'shop', name: 'backend' },
  ],
  ['tier of application', ['shop', 'nothing'], 'tier', { application: 'shop', name: 'backend' }],
  ['environment by name', ['dev', 'nowhere'], 'environment', { name: 'dev' }],
  ['placement of application', ['shop', 'nothing'], 'placement', SHOP],
  ['placement of environment', ['dev', 'nowhere'], 'placement', SHOP],
  ['flow by name', ['frontend-to-backend', 'nothing'], 'flow', FLOW],
  ['flow from tier', ['shop/frontend', 'shop/nothing'], 'flow', FLOW],
  ['flow to tier', ['shop/backend', 'nothing/backend'], 'flow', FLOW],
  ['flow of peer', ['users', 'nobody'], 'flow', { name: 'users-to-frontend' }],
];

describe('a relation gives the rows that a lookup gives', () => {
  it.each(RELATIONS)('%s', async (relation, keys, kind, key) => {
    const rows = await related(sluice.database, relation, keys);
    expect(rows).toContainEqual((await lookup(sluice.database, kind, key))?.row);
    expect(await related(sluice.database, relation, keys.slice(1))).toEqual([]);
    expect(await related(sluice.database, relation, [])).toEqual([]);
  });

  it('end of flow', async () => {
    const rows = (await related(sluice.database, 'end of flow', [
      'shop/backend',
      'users',
      'nobody',
      'no/one',
    ])) as any[];
    const [tier, peer] = [{ application: 'shop', name: 'backend' }, { name: 'users' }];
    const whole = (row: any) => ({ ...row, revision: Number(row.revision) });
    expect(rows.map(({ kind, row }) => [kind, whole(row)])).toEqual([
      ['tier', whole((await lookup(sluice.database, 'tier', tier))?.row)],
      ['peer', whole((await lookup(sluice.database, 'peer', peer))?.row)],
    ]);
  });

  it('several objects come in the order of their names', async () => {
    const rows = (await related(sluice.database, 'tier of application', ['shop'])) as { name: string }[];
    expect(rows.map(({ name }) => name)).toEqual(['backend', 'database', 'frontend']);
  });
});
