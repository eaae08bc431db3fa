import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ask, dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const BUNDLES = '/v1/environments/dev/bundles';
const SHOP = [
  'backend-egress',
  'backend-ingress',
  'database-egress',
  'database-ingress',
  'frontend-egress',
  'frontend-ingress',
];

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  const placement = '/v1/environments/dev/placements/shop';
  await sluice.request.put(placement).set('if-match', '*').send({ namespace: 'mall' }).expect(200);
  await sluice.request.post(BUNDLES).send({}).expect(201);
  await sluice.request.delete('/v1/flows/users-to-frontend').set('if-match', '*').expect(204);
  await sluice.request.post(BUNDLES).send({}).expect(201);
});
afterAll(() => sluice.close());

const get = async (path: string, status = 200, accept = '*/*') =>
  (await sluice.request.get(`${BUNDLES}/${path}`).set('accept', accept).expect(status)).body;
const textOf = async (path: string, accept = '*/*') => {
  const answer = await fetch(`${sluice.url}${BUNDLES}/${path}`, {
    headers: { authorization: `Bearer ${sluice.token}`, accept },
  });
  expect(answer.status).toBe(200);
  return { type: answer.headers.get('content-type'), text: await answer.text() };
};
const lines = ({ steps }: any): string[] =>
  steps.map(({ number, action, namespace, name, reason }: any) => `${number} ${action} ${namespace}/${name} ${reason}`);

describe('a plan', () => {
  it.each(['', '?from='])('from nothing is a first apply (%s)', async (query) => {
    const plan = await get(`1/plan${query}`);
    expect(plan).toMatchObject({ environment: 'dev', to: { environment: 'dev', version: 1 }, prune: [] });
    expect(plan).not.toHaveProperty('from');
    expect(lines(plan)).toEqual([
      ...SHOP.map((name, at) => `${at + 1} create shop/allow-${name} added`),
      '7 create shop/default-deny-all default-deny-added',
    ]);
    const { items } = await get('1/manifests.json');
    expect(plan.steps.map(({ object }: any) => object)).toEqual(items);
  });

  it('of a move builds the new namespace before the old one goes, and names what to prune', async () => {
    const plan = await get('2/plan?from=1');
    expect(lines(plan)).toEqual([
      ...SHOP.map((name, at) => `${at + 1} create mall/allow-${name} moved`),
      '7 create mall/default-deny-all default-deny-added',
      '8 delete shop/default-deny-all default-deny-removed',
      ...SHOP.map((name, at) => `${at + 9} delete shop/allow-${name} moved`),
    ]);
    const objects = [...SHOP.map((name) => `allow-${name}`), 'default-deny-all'];
    expect(plan.prune).toEqual([{ namespace: 'shop', objects, namespaceLeaves: true }]);
    expect(plan.from).toMatchObject({ environment: 'dev', version: 1 });
    expect(plan.steps.at(-1)).not.toHaveProperty('object');
  });

  it('goes back as well, and takes latest and draft', async () => {
    expect(lines(await get('2/plan?from=3'))).toEqual(['1 create mall/allow-frontend-ingress added']);
    expect(lines(await get('latest/plan?from=2'))).toEqual(['1 delete mall/allow-frontend-ingress removed']);
    expect(lines(await get('draft/plan?from=latest'))).toEqual([]);
  });

  it.each([
    ['2/plan.sh?from=1', '*/*'],
    ['2/plan?from=1', 'text/x-shellscript'],
  ])('is a shell script by suffix and by Accept (%s)', async (path, accept) => {
    const { type, text } = await textOf(path, accept);
    expect(type).toBe('text/x-shellscript; charset=utf-8');
    expect(text).toMatch(/^#!\/bin\/sh\n# Sluice: environment dev, from version 1 to version 2, in 14 steps[.]\n/);
    expect(text.match(/^"\$\{KUBECTL:-kubectl\}" (apply|delete) /gm)).toHaveLength(14);
  });

  it('is manifests with sync waves, where these can do it', async () => {
    const { type, text } = await textOf('3/plan.yaml?from=2');
    expect(type).toBe('application/yaml');
    const waves = parseAllDocuments(text).map((one) => one.toJS().metadata);
    expect(waves.map(({ name, annotations }) => [name, annotations['argocd.argoproj.io/sync-wave']])).toEqual([
      ...SHOP.filter((name) => name !== 'frontend-ingress').map((name) => [`allow-${name}`, '0']),
      ['default-deny-all', '1'],
    ]);
    const refused = await get('2/plan?from=1', 406, 'application/yaml');
    expect(refused).toMatchObject({
      code: 'not-acceptable',
      detail: expect.stringMatching(
        /^sync waves cannot do this without a cut: in namespace shop .*plan[.]sh[?]from=1 does it/,
      ),
    });
  });

  it('names what does not exist', async () => {
    expect((await get('2/plan?from=9', 404)).detail).toBe('version 9 of environment "dev" does not exist');
    expect((await get('9/plan', 404)).detail).toBe('version 9 of environment "dev" does not exist');
    expect((await get('2/plan?from=first', 404)).detail).toBe('tag "first" in environment "dev" does not exist');
    expect((await get('2/plan.txt', 404)).detail).toBe('plan.txt does not exist (have: json, sh, yaml)');
    expect((await get('2/plan', 406, 'image/png')).code).toBe('not-acceptable');
    expect((await get('2/plan?since=1', 400)).code).toBe('malformed');
  });
});

describe('an inventory', () => {
  it('names every object and the sets to prune by', async () => {
    const inventory = await get('3/inventory');
    const { items } = await get('3/manifests.json');
    const names = inventory.namespaces.flatMap(({ namespace, objects }: any) =>
      objects.map((name: string) => [namespace, name]),
    );
    expect(names).toEqual(items.map(({ metadata }: any) => [metadata.namespace, metadata.name]));
    expect(inventory.objects).toBe(items.length);
    expect(inventory).not.toHaveProperty('prune');
    expect(inventory.namespaces[0].applySet).toMatchObject({ namespace: 'mall', name: 'sluice-dev' });
  });

  it('says against any version what goes, also with a namespace', async () => {
    const { prune } = await get('3/inventory?from=1');
    expect(prune).toEqual([{ namespace: 'shop', objects: expect.any(Array), namespaceLeaves: true }]);
    expect((await get('3/inventory?from=2')).prune).toEqual([
      { namespace: 'mall', objects: ['allow-frontend-ingress'], namespaceLeaves: false },
    ]);
  });

  it('shares its set with the metadata of the version', async () => {
    const { applySet } = await get('3/inventory');
    expect(applySet).toMatchObject({ kind: 'ConfigMap', namespace: 'sluice-system', name: 'sluice-dev' });
    expect((await get('3')).applySet).toEqual(applySet);
    expect((await sluice.request.get(BUNDLES).expect(200)).body.items[0].applySet).toEqual(applySet);
  });
});

describe('GraphQL', () => {
  const PLAN = `from { version digest } to { version digest } prune { namespace objects namespaceLeaves }
    steps { number action reason namespace name why object } script`;
  const SET = 'applySet { id kind namespace name }';
  const INVENTORY = `version digest objects ${SET} namespaces { namespace objects ${SET} } prune { namespace objects namespaceLeaves }`;

  it('says the same as REST, of a bundle and of an environment', async () => {
    const { bundle, environment } = await dataOf(
      sluice,
      `{ bundle(environment: "dev", version: "2") { ${SET} plan(from: "1") { ${PLAN} } inventory(from: "1") { ${INVENTORY} } }
         environment(name: "dev") { plan(version: "2", from: "1") { ${PLAN} } inventory(version: "2", from: "1") { ${INVENTORY} } } }`,
    );
    expect(environment).toEqual({ plan: bundle.plan, inventory: bundle.inventory });
    const rest = await get('2/plan?from=1');
    const named = ({ version, digest }: any) => ({ version: String(version), digest });
    const steps = rest.steps.map((step: any) => ({ object: null, ...step, reason: step.reason.replaceAll('-', '_') }));
    const script = (await textOf('2/plan.sh?from=1')).text;
    expect(bundle.plan).toEqual({ from: named(rest.from), to: named(rest.to), steps, prune: rest.prune, script });
    const { environment: _, ...inventory } = await get('2/inventory?from=1');
    expect(bundle.inventory).toEqual({ ...inventory, version: '2' });
    expect(bundle.applySet).toEqual(inventory.applySet);
  });

  it('has the manifests with sync waves, or says why not', async () => {
    const waves = (version: number, from: number) =>
      `{ bundle(environment: "dev", version: "${version}") { plan(from: "${from}") { syncWaves } } }`;
    const { bundle } = await dataOf(sluice, waves(3, 2));
    expect(bundle.plan.syncWaves).toBe((await textOf('3/plan.yaml?from=2')).text);
    const { errors } = await ask(sluice, waves(2, 1));
    expect(errors?.[0]?.extensions.code).toBe('not-acceptable');
  });
});
