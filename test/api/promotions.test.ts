import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, dataOf } from '../graphql/ask.js';
import { SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { fixedKey } from '../support/fixed-keys.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;

beforeAll(async () => {
  const ring = (name: string) => ({ signers: [fixedKey(name).signer], published: [] });
  sluice = await startTestApp({ keys: new SigningKeys(ring('release'), ring('attestation')) });
  await loadShop(sluice.app);
  await post('/v1/applications', { name: 'audit', team: 'demo' });
  await tier('audit', 'log');
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

const at = (environment: string, rest: string) => `/v1/environments/${environment}/${rest}`;
const post = (path: string, body: object, status = 201) => sluice.request.post(path).send(body).expect(status);
const put = (path: string, body: object) => sluice.request.put(path).set('if-none-match', '*').send(body).expect(201);
const patch = (path: string, body: object) => sluice.request.patch(path).set('if-match', '*').send(body).expect(200);
const publish = async (environment: string) => (await sluice.request.post(at(environment, 'bundles')).send({})).body;
const text = async (path: string) => (await sluice.request.get(path).expect(200)).text;
const rollBack = (environment: string, body: object, status = 201) => post(at(environment, 'rollbacks'), body, status);
const promote = (to: string, body: object, status = 201) => post(at(to, 'promotions'), body, status);
const setPort = (port: number) =>
  patch('/v1/applications/shop/tiers/backend', { ports: [{ name: 'api', protocol: 'TCP', port }] });
const rows = async (sql: string): Promise<any[]> => (await sluice.database.pool.query(sql)).rows;

function tier(application: string, name: string) {
  const podSelector = { matchLabels: { app: `${application}-${name}` } };
  const ports = [{ name: 'main', protocol: 'TCP', port: 9000 }];
  return post(`/v1/applications/${application}/tiers`, { name, podSelector, ports });
}

function flow(name: string, from: object, to: string, more: object = {}) {
  return post('/v1/flows', { name, from, to: { tier: to }, ports: [{ protocol: 'TCP', port: 9000 }], ...more });
}

/** An environment with the shop in a namespace of its own. */
async function environment(name: string, more: object = {}, tiers: object[] = []): Promise<string> {
  await post('/v1/environments', { name, ...more });
  await put(at(name, 'placements/shop'), { namespace: `shop-${name}`, tiers });
  return name;
}

/** A new environment that has the shop with two ports of the backend as its versions 1 and 2. */
async function twoVersions(name: string): Promise<string> {
  await environment(name);
  await publish(name);
  await setPort(3100);
  await publish(name);
  await setPort(3000);
  return name;
}

describe('a rollback', () => {
  it('publishes an earlier version again: its bytes and its snapshot, with a change, an image and signatures of its own', async () => {
    const name = await twoVersions('back');
    const { body: first } = await sluice.request.get(at(name, 'bundles/1')).expect(200);
    const { body: second } = await sluice.request.get(at(name, 'bundles/2')).expect(200);
    const reply = sluice.request.post(at(name, 'rollbacks')).set('sluice-reason', 'slow pages');
    const { body, headers } = await reply.send({ to: 1, message: 'Back' }).expect(201);
    const { version, origin, changes, message, reason, publishedAt, ...same } = body;
    expect({ version, origin, message, reason }).toEqual({
      version: 3,
      origin: { kind: 'rollback', version: 1 },
      message: 'Back',
      reason: 'slow pages',
    });
    expect(first).toMatchObject(same);
    expect(Date.parse(publishedAt)).toBeGreaterThanOrEqual(Date.parse(second.publishedAt));
    expect(headers['location']).toBe(at(name, 'bundles/3'));
    expect((await sluice.request.get(at(name, 'bundles/3')).expect(200)).body).toEqual(body);

    const mirrored = second.changes.connections.map((change: any) => [change.from, change.to, change.after.ports]);
    expect(changes.connections.map((change: any) => [change.from, change.to, change.before.ports])).toEqual(mirrored);
    expect(mirrored).toHaveLength(1);
    const { connections, summary } = JSON.parse(await text(at(name, 'bundles/2/diff/3')));
    expect({ connections, summary }).toEqual({ connections: changes.connections, summary: changes.summary });

    for (const format of ['yaml', 'json']) {
      const [one, three] = [1, 3].map((number) => text(at(name, `bundles/${number}/manifests.${format}`)));
      expect(await three).toBe(await one);
    }
    const columns = 'yaml_gzip_digest, json_digest, tar_digest, snapshot_digest';
    const stored = await rows(`SELECT ${columns} FROM bundle WHERE environment = '${name}' ORDER BY version`);
    expect(stored[2]).toEqual(stored[0]);
    expect(await text(at(name, 'connections?version=3'))).toBe(
      (await text(at(name, 'connections?version=1'))).replace('"version":1', '"version":3'),
    );
  });

  it('says so in its image, and in what is signed about it', async () => {
    const manifest = JSON.parse(await bytesOf('/v2/sluice/back/manifests/latest'));
    const before = JSON.parse(await bytesOf('/v2/sluice/back/manifests/v1'));
    expect(manifest.layers).toEqual(before.layers);
    expect(manifest.annotations).toMatchObject({
      'org.opencontainers.image.version': '1.0.3',
      'dev.sluice.origin': 'rollback to 1',
    });
    const [config, old] = [manifest, before].map(({ config: { digest } }) =>
      bytesOf(`/v2/sluice/back/blobs/${digest}`),
    );
    expect(JSON.parse(await config!).rootfs).toEqual(JSON.parse(await old!).rootfs);
    expect((await statementsAbout('back', 'v3')).map(({ origin }) => origin)).toContainEqual({
      kind: 'rollback',
      version: 1,
    });
    expect((await statementsAbout('back', 'v1')).map(({ origin }) => origin)).toContainEqual({ kind: 'model' });
  });

  it('takes a tag or latest; the standing version is the answer where its content is the same', async () => {
    const name = await twoVersions('named');
    await put(at(name, 'tags/good'), { version: 1 });
    expect((await rollBack(name, { to: 'good' })).body).toMatchObject({ version: 3, origin: { version: 1 } });
    for (const to of ['good', 'latest', 1, '1', 3]) {
      const { body, headers } = await rollBack(name, { to }, 200);
      expect(body).toMatchObject({ version: 3, origin: { kind: 'rollback', version: 1 }, tags: [] });
      expect(headers['location']).toBe(at(name, 'bundles/3'));
    }
    expect((await rollBack(name, { to: '2' })).body.origin).toEqual({ kind: 'rollback', version: 2 });
    // what a publish gives then is the model again
    expect(await publish(name)).toMatchObject({ version: 5, origin: { kind: 'model' } });
  });

  it('in a dry run shows the change, and stores nothing', async () => {
    const name = await twoVersions('dry');
    const stored = () =>
      rows(
        'SELECT (SELECT count(*) FROM bundle) b, (SELECT count(*) FROM blob) c, (SELECT count(*) FROM registry_entry) e',
      );
    const before = await stored();
    const { body } = await sluice.request.post(at(name, 'rollbacks?dryRun=true')).send({ to: 1 }).expect(201);
    expect(body).toMatchObject({ version: 3, origin: { kind: 'rollback', version: 1 } });
    expect(await stored()).toEqual(before);
    const { publishedAt: _, ...dry } = body;
    expect((await rollBack(name, { to: 1 })).body).toMatchObject(dry);
    await sluice.request.post(at(name, 'rollbacks?dryRun=true')).send({ to: 9 }).expect(422);
  });

  it('keeps to the conventions of a publish: expected version, keys, scopes', async () => {
    const name = await twoVersions('held');
    const { body: conflict } = await rollBack(name, { to: 1, expectedVersion: 1 }, 409);
    expect(conflict.code).toBe('version-conflict');
    const keyed = (body: object) =>
      sluice.request.post(at(name, 'rollbacks')).set('idempotency-key', 'back').send(body);
    const first = await keyed({ to: 1, expectedVersion: 2 }).expect(201);
    expect((await keyed({ to: 1, expectedVersion: 2 }).expect(201)).body).toEqual(first.body);
    await keyed({ to: 2 }).expect(422);
    expect((await sluice.request.get(at(name, 'bundles')).expect(200)).body.items).toHaveLength(3);
    await sluice
      .as(await token('writer', ['write']))
      .post(at(name, 'rollbacks'))
      .send({ to: 1 })
      .expect(403);
    await sluice
      .as(await token('elsewhere', ['publish'], 'prod'))
      .post(at(name, 'rollbacks'))
      .send({ to: 1 })
      .expect(403);
    await sluice
      .as(await token('here', ['publish'], name))
      .post(at(name, 'rollbacks'))
      .send({ to: 2 })
      .expect(201);
  });

  it('refuses what there is not, naming every problem', async () => {
    const name = await twoVersions('missing');
    await put(at(name, 'tags/good'), { version: 1 });
    const problems = async (body: object, status = 422) =>
      (await rollBack(name, body, status)).body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`);
    expect(await problems({})).toEqual(['#/to required']);
    expect(await problems({ to: 'draft' })).toEqual(['#/to version-name']);
    for (const to of [0, 1.5, true, null, [], 2 ** 40]) expect(await problems({ to })).toHaveLength(1);
    expect(await problems({ to: 9, expectedVersion: -1, color: 'red' })).toEqual([
      '#/color unknown-field',
      '#/expectedVersion too-small',
      '#/to unknown-version',
    ]);
    const { body } = await rollBack(name, { to: 'bad' }, 422);
    expect(body.errors).toEqual([
      {
        pointer: '#/to',
        code: 'unknown-tag',
        detail: `tag "bad" in environment "${name}" does not exist (have: good)`,
        value: 'bad',
      },
    ]);
    expect((await rollBack('moon', { to: 1 }, 404)).body.detail).toBe('environment "moon" does not exist');
    await environment('fresh');
    expect((await rollBack('fresh', { to: 'latest' }, 422)).body.errors[0].detail).toBe(
      'environment "fresh" has no version yet',
    );
  });

  it('to a version that was removed is gone; what a tag marks is kept for it', async () => {
    const name = await twoVersions('removed');
    await setPort(3200);
    await publish(name);
    await setPort(3000);
    await put(at(name, 'tags/safe'), { version: 1 });
    await post('/v1/retention', { environment: name, keepVersions: 1 }, 200);
    const { body } = await rollBack(name, { to: 2 }, 410);
    expect(body).toMatchObject({
      code: 'gone',
      detail: expect.stringMatching(/^version 2 of environment "removed" was removed by retention/),
    });
    const { body: back } = await rollBack(name, { to: 'safe' });
    expect(back).toMatchObject({ version: 4, origin: { kind: 'rollback', version: 1 } });
    // its content stays with it when the version that it came from goes
    await sluice.request.delete(at(name, 'tags/safe')).set('if-match', '*').expect(204);
    await post('/v1/retention', { environment: name, keepVersions: 1 }, 200);
    await sluice.request.get(at(name, 'bundles/1')).expect(410);
    expect(await text(at(name, 'bundles/4/manifests.yaml'))).toContain('port: 3000');
    expect((await sluice.request.get(at(name, 'bundles/4')).expect(200)).body.origin).toEqual({
      kind: 'rollback',
      version: 1,
    });
    JSON.parse(await bytesOf(`/v2/sluice/${name}/manifests/latest`));
  });
});

async function bytesOf(path: string): Promise<string> {
  const { body, text: plain } = await sluice.request.get(path).buffer(true).expect(200);
  return Buffer.isBuffer(body) ? body.toString() : (plain ?? JSON.stringify(body));
}

/** The predicates of what is signed about a version. */
async function statementsAbout(name: string, tag: string): Promise<any[]> {
  const { headers } = await sluice.request.get(`/v2/sluice/${name}/manifests/${tag}`).expect(200);
  const index = JSON.parse(await bytesOf(`/v2/sluice/${name}/referrers/${headers['docker-content-digest']}`));
  return Promise.all(
    index.manifests.map(async ({ digest }: any) => {
      const { layers } = JSON.parse(await bytesOf(`/v2/sluice/${name}/manifests/${digest}`));
      const { dsseEnvelope } = JSON.parse(await bytesOf(`/v2/sluice/${name}/blobs/${layers[0].digest}`));
      return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()).predicate;
    }),
  );
}

async function token(name: string, scopes: string[], bound?: string): Promise<string> {
  return (await post('/v1/tokens', { name, scopes, environment: bound })).body.token;
}

describe('a promotion', () => {
  beforeAll(async () => {
    await environment('test-a');
    const outside = [{ tier: 'database', outside: [{ cidr: '10.9.0.0/28' }] }];
    await environment('live-a', { profile: { dns: null } }, outside);
    await publish('test-a');
  });

  it('publishes the flows of the version with the placements and the profile of the target', async () => {
    await setPort(3300);
    const { body } = await promote('live-a', { from: 'test-a', version: 1, message: 'Tried in test' });
    await setPort(3000);
    const { body: source } = await sluice.request.get(at('test-a', 'bundles/1')).expect(200);
    expect(body).toMatchObject({
      version: 1,
      revision: source.revision,
      origin: { kind: 'promotion', environment: 'test-a', version: 1 },
      message: 'Tried in test',
      proof: { equal: true },
      counts: { flows: 3 },
    });
    const yaml = await text(at('live-a', 'bundles/1/manifests.yaml'));
    expect(yaml).toContain('namespace: shop-live-a');
    expect(yaml).toContain('cidr: 10.9.0.0/28');
    expect(yaml).toContain('port: 3000');
    for (const other of ['3300', 'kube-dns', 'test-a']) expect(yaml).not.toContain(other);
    const image = JSON.parse(await bytesOf('/v2/sluice/live-a/manifests/latest'));
    expect(image.annotations['dev.sluice.origin']).toBe('promotion of test-a/1');
    const origins = (await statementsAbout('live-a', 'latest')).map(({ origin }) => origin);
    expect(origins).toContainEqual({ kind: 'promotion', environment: 'test-a', version: 1 });
    // the same again, and the model as it stood then, is nothing new
    expect((await promote('live-a', { from: 'test-a', version: 'latest' }, 200)).body).toEqual(body);
    expect(await publish('live-a')).toMatchObject({ version: 1 });
  });

  it('in a dry run shows the change against the target, and stores nothing', async () => {
    await setPort(3400);
    await publish('test-a');
    await setPort(3000);
    const blobs = async () => rows('SELECT count(*) FROM blob');
    const before = await blobs();
    const dry = await sluice.request
      .post(at('live-a', 'promotions?dryRun=true'))
      .send({ from: 'test-a', version: 2 })
      .expect(201);
    expect(dry.body.version).toBe(2);
    expect(dry.body.changes.connections).toMatchObject([
      {
        from: { tier: 'shop/frontend' },
        to: { tier: 'shop/backend' },
        gained: [{ port: 3400 }],
        lost: [{ port: 3000 }],
        risk: 'both',
      },
    ]);
    expect(await blobs()).toEqual(before);
    const { publishedAt: _, ...shown } = dry.body;
    await put(at('test-a', 'tags/proved'), { version: 2 });
    const { body } = await promote('live-a', { from: 'test-a', version: 'proved', expectedVersion: 1 });
    expect(body).toMatchObject(shown);
    expect(await text(at('live-a', 'connections?version=2'))).toContain('3400');
  });

  it("brings no flow that is not declared for the target, and says which; what is the target's own stays", async () => {
    const [from, to] = [await environment('test-b'), await environment('live-b')];
    const users = { peer: 'users' };
    await flow('b-only-test', users, 'shop/backend', { environments: [from] });
    await flow('b-only-live', users, 'shop/database', { environments: [to] });
    await put(at(to, 'placements/audit'), { namespace: 'audit' });
    await flow('b-audit', users, 'audit/log');
    await publish(from);
    await publish(to);
    await flow('b-both', { tier: 'shop/frontend' }, 'shop/database', { environments: [from, to] });
    await flow('b-live-later', users, 'shop/backend', { environments: [to] });
    await patch('/v1/applications/audit/tiers/log', { ports: [{ name: 'main', protocol: 'TCP', port: 9001 }] });
    expect(await publish(from)).toMatchObject({ version: 2 });
    const { body } = await promote(to, { from, version: 2 });
    const shown = JSON.parse(await text(at(to, 'bundles/1/diff/2')));
    expect(shown.flows).toEqual([expect.objectContaining({ kind: 'flow-added', flow: 'b-both' })]);
    const own = body.findings.filter(({ code }: any) => /promot|publish/.test(code));
    expect(own).toMatchObject([
      { code: 'flow-not-published', severity: 'info', path: 'flow/b-live-later' },
      { code: 'flow-not-promoted', severity: 'info', path: 'flow/b-only-test' },
    ]);
    // deleted in the source, and so in the target; what is declared for the target alone stays, though the model has it no more
    for (const name of ['b-both', 'b-only-live'])
      await sluice.request.delete(`/v1/flows/${name}`).set('if-match', '*').expect(204);
    await publish(from);
    await promote(to, { from, version: 'latest' });
    const after = JSON.parse(await text(at(to, 'bundles/2/diff/3')));
    expect(after.flows).toEqual([expect.objectContaining({ kind: 'flow-removed', flow: 'b-both' })]);
  });

  it('refuses what would not hold there, naming every reason at once, and stores nothing', async () => {
    const [from, to] = [await environment('test-c'), await environment('live-c')];
    await put(at(from, 'placements/audit'), { namespace: 'audit' });
    await post('/v1/peers', {
      name: 'office-c',
      kind: 'cidr',
      blocks: [{ cidr: '192.0.2.0/24', environments: [from] }],
    });
    await flow('c-office', { peer: 'office-c' }, 'shop/frontend', { environments: [from, to] });
    for (const name of ['frontend', 'backend', 'database', 'c-4']) {
      if (name === 'c-4') await tier('shop', name);
      await flow(`c-audit-${name}`, { tier: `shop/${name}` }, 'audit/log', { environments: [from, to] });
    }
    await publish(from);
    await patch('/v1/applications/shop/tiers/backend', {
      ports: [
        { name: 'api', protocol: 'TCP', port: 3000 },
        { name: 'admin', protocol: 'TCP', port: 3001 },
      ],
    });
    await patch('/v1/applications/shop/tiers/frontend', {
      podSelector: { matchLabels: { app: 'frontend', track: 'all' } },
    });
    const place = (tiers: object[]) =>
      sluice.request.put(at(to, 'placements/shop')).set('if-match', '*').send({ namespace: 'shop-live-c', tiers });
    const admin = [{ name: 'admin', protocol: 'TCP', port: 4001 }];
    await place([
      { tier: 'backend', ports: admin },
      { tier: 'frontend', labels: { track: 'live' } },
    ]).expect(200);
    for (const dry of ['', '?dryRun=true']) {
      const { body } = await post(at(to, `promotions${dry}`), { from, version: 1 }, 422);
      expect(body.errors).toEqual([
        {
          pointer: '#/peer/office-c',
          code: 'peer-without-addresses',
          detail: 'peer "office-c" has no address in environment "live-c": flow "c-office" needs it',
          value: 'office-c',
        },
        {
          pointer: '#/placement/shop/backend/ports/admin',
          code: 'unknown-port',
          detail: expect.stringContaining('port "admin" in the placement of tier "shop/backend"'),
          value: 'admin',
        },
        {
          pointer: '#/placement/shop/frontend/labels/track',
          code: 'unknown-label',
          detail: expect.stringContaining('label "track" in the placement of tier "shop/frontend"'),
          value: 'track',
        },
        {
          pointer: '#/tier/audit/log',
          code: 'tier-not-placed',
          detail:
            'tier "audit/log" is not placed in environment "live-c": flows "b-audit", "c-audit-backend", "c-audit-c-4" and 2 more need it',
          value: 'audit/log',
        },
      ]);
    }
    await sluice.request.get(at(to, 'bundles/latest')).expect(404);
    await place([]).expect(200);
    await patch('/v1/applications/shop/tiers/frontend', { podSelector: { matchLabels: { app: 'frontend' } } });
    await setPort(3000);
  });

  it('refuses a source that there is not, the target itself, and a version that was removed', async () => {
    const problems = async (body: object) =>
      (await promote('live-a', body, 422)).body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`);
    expect(await problems({})).toEqual(['#/from required', '#/version required']);
    expect(await problems({ from: 'moon', version: 'draft', expectedVersion: 'one' })).toEqual([
      '#/expectedVersion wrong-type',
      '#/from unknown-environment',
      '#/version version-name',
    ]);
    expect(await problems({ from: 'live-a', version: 1 })).toEqual(['#/from same-environment']);
    expect(await problems({ from: 'test-a', version: 77 })).toEqual(['#/version unknown-version']);
    expect(await problems({ from: 'test-a', version: 'nope' })).toEqual(['#/version unknown-tag']);
    expect((await promote('moon', { from: 'test-a', version: 1 }, 404)).body.detail).toContain('"moon"');
    const name = await twoVersions('test-d');
    await post('/v1/retention', { environment: name, keepVersions: 1 }, 200);
    expect((await promote('live-a', { from: name, version: 1 }, 410)).body.code).toBe('gone');
  });

  it('needs publish in the target and read in the source', async () => {
    const as = async (name: string, scopes: string[], bound?: string) =>
      (
        await sluice
          .as(await token(`p-${name}`, scopes, bound))
          .post(at('live-a', 'promotions?dryRun=true'))
          .send({ from: 'test-a', version: 1 })
      ).status;
    expect(await as('read', ['read'])).toBe(403);
    expect(await as('write', ['write'])).toBe(403);
    expect(await as('target', ['publish'], 'live-a')).toBe(403);
    expect(await as('source', ['publish'], 'test-a')).toBe(403);
    expect(await as('both', ['publish'])).toBe(201);
  });
});

describe('by GraphQL', () => {
  const FIELDS =
    '{ created bundle { version digest message origin { kind version environment { name } } changes { summary { connections { widens } } } } }';

  it('promote and rollBack are what REST does', async () => {
    const [from, to] = [await twoVersions('test-g'), await environment('live-g')];
    const promoteTo = (more: string) =>
      `mutation { promote(environment: "${to}", from: "${from}", ${more}) ${FIELDS} }`;
    const dry = await dataOf(sluice, promoteTo('version: "1", dryRun: true'));
    expect(dry.promote).toMatchObject({ created: true, bundle: { version: 1 } });
    const done = await dataOf(sluice, promoteTo('version: "1", message: "Up"'));
    expect(done.promote.bundle).toEqual({
      ...dry.promote.bundle,
      message: 'Up',
      origin: { kind: 'promotion', version: 1, environment: { name: from } },
    });
    await dataOf(sluice, promoteTo('version: "latest", expectedVersion: 1'));
    const rollBackTo = (more: string) => `mutation { rollBack(environment: "${to}", ${more}) ${FIELDS} }`;
    const back = await dataOf(sluice, rollBackTo('to: "1"'));
    expect(back.rollBack).toMatchObject({
      created: true,
      bundle: {
        version: 3,
        digest: done.promote.bundle.digest,
        origin: { kind: 'rollback', version: 1, environment: null },
      },
    });
    const { bundles } = (
      await dataOf(sluice, `{ environment(name: "${to}") { bundles { nodes { origin { kind } } } } }`)
    ).environment;
    expect(bundles.nodes.map(({ origin }: any) => origin.kind)).toEqual(['rollback', 'promotion', 'promotion']);
    expect(
      (await dataOf(sluice, `{ bundle(environment: "dev") { origin { kind version environment { name } } } }`)).bundle
        .origin,
    ).toEqual({
      kind: 'model',
      version: null,
      environment: null,
    });
  });

  it('a refusal is that of REST', async () => {
    const path = at('live-g', 'promotions');
    for (const input of [
      { from: 'moon', version: '1' },
      { from: 'live-g', version: '1' },
      { from: 'test-g', version: 'draft' },
      { from: 'test-g', version: '9' },
    ]) {
      const { body } = await sluice.request.post(path).send(input).expect(422);
      const query =
        'mutation ($from: String!, $version: String!) { promote(environment: "live-g", from: $from, version: $version) { created } }';
      const { errors } = await ask(sluice, query, input);
      expect(errors?.[0]?.extensions).toMatchObject({ code: body.code, errors: body.errors });
    }
    const { errors } = await ask(sluice, 'mutation { rollBack(environment: "live-g", to: "9") { created } }');
    expect(errors?.[0]?.extensions.errors).toEqual((await rollBack('live-g', { to: '9' }, 422)).body.errors);
  });
});

describe('the database', () => {
  it.each([
    ["'gift', NULL, NULL", 'origin'],
    ["'model', NULL, 1", 'bundle_origin_names_its_version'],
    ["'model', 'dev', NULL", 'bundle_origin_names_its_version'],
    ["'promotion', NULL, 1", 'bundle_origin_names_its_version'],
    ["'promotion', 'dev', 1", 'bundle_origin_names_its_version'],
    ["'promotion', 'prod', NULL", 'bundle_origin_names_its_version'],
    ["'promotion', 'moon', 1", 'bundle_origin_environment_fkey'],
    ["'rollback', NULL, NULL", 'bundle_origin_names_its_version'],
    ["'rollback', 'prod', 1", 'bundle_origin_names_its_version'],
    ["'rollback', NULL, 99", 'bundle_origin_names_its_version'],
    ["'rollback', NULL, 0", 'origin_version'],
  ])('refuses an origin of (%s)', async (origin, constraint) => {
    const others =
      'digest, revision, counts, findings, proof, changes, actor, at, yaml_gzip_digest, json_digest, tar_digest, snapshot_digest';
    const sql = `INSERT INTO bundle (environment, version, origin, origin_environment, origin_version, ${others})
      SELECT environment, 99, ${origin}, ${others} FROM bundle WHERE environment = 'dev' AND version = 1`;
    await expect(rows(sql)).rejects.toThrow(constraint);
  });
});
