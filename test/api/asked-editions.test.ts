import { expect, it } from 'vitest';
import { AskedEdition } from '../../src/work/asked/asked-edition.js';
import { KeptEditions } from '../../src/work/asked/kept-editions.js';
import { SHOP } from '../domain/verdict/model.js';

/** Editions that count what is read of them. */
function keptOver(flows = 0) {
  const state = { revision: 1, loads: [] as string[], broken: false };
  const many = Array.from({ length: flows }, () => SHOP.flows[0]!);
  const kept = new KeptEditions();
  const make = (environment: string) => () => {
    state.loads.push(environment);
    if (state.broken) return Promise.reject(new Error('the database is away'));
    const snapshot = { ...SHOP, revision: state.revision, flows: [...SHOP.flows, ...many] };
    return Promise.resolve(new AskedEdition(snapshot, () => Promise.resolve([])));
  };
  return { state, find: (environment: string) => kept.get(environment, state.revision, make(environment)) };
}

it('a draft is read again once the revision has moved, and by many at once only once', async () => {
  const { state, find } = keptOver();
  const found = await Promise.all([find('dev'), find('dev'), find('dev')]);
  expect(new Set(found).size).toBe(1);
  await find('dev');
  expect(state.loads).toEqual(['dev']);
  state.revision = 2;
  expect((await find('dev')).snapshot.revision).toBe(2);
  expect(state.loads).toEqual(['dev', 'dev']);
});

it('keeps so many editions, and lets go of those that were asked least recently', async () => {
  const { state, find } = keptOver();
  for (let n = 0; n < 32; n++) await find(`e${n}`);
  await find('e0');
  await find('e32');
  expect(state.loads).toHaveLength(33);
  await find('e0');
  expect(state.loads).toHaveLength(33);
  await find('e1');
  expect(state.loads.at(-1)).toBe('e1');
});

it('keeps few large ones', async () => {
  const { state, find } = keptOver(100_000);
  for (const name of ['a', 'b', 'c', 'c']) await find(name);
  expect(state.loads).toEqual(['a', 'b', 'c']);
  await find('a');
  expect(state.loads).toEqual(['a', 'b', 'c', 'a']);
});

it('keeps nothing that could not be read', async () => {
  const { state, find } = keptOver();
  state.broken = true;
  await expect(find('dev')).rejects.toThrow('the database is away');
  state.broken = false;
  expect((await find('dev')).snapshot.revision).toBe(1);
});

it('objects that could not be read are read again by the next question', async () => {
  let tries = 0;
  const edition = new AskedEdition(SHOP, () =>
    tries++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve([]),
  );
  await expect(edition.index()).rejects.toThrow('away');
  expect((await edition.index()).namespaces.size).toBe(2);
  expect(await edition.index()).toBe(await edition.index());
  expect(tries).toBe(2);
});
