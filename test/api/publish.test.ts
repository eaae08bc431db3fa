import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentStore } from '../../src/store/content.store.js';
import { UnitOfWork } from '../../src/store/unit-of-work.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(() => sluice.close());

const bundles = (environment: string) => `/v1/environments/${environment}/bundles`;

/** A new environment with the shop in it, so that a test has versions of its own. */
async function environment(name: string): Promise<string> {
  await sluice.request.post('/v1/environments').send({ name }).expect(201);
  const placement = sluice.request.put(`/v1/environments/${name}/placements/shop`).set('if-none-match', '*');
  await placement.send({ namespace: `shop-${name}` }).expect(201);
  return name;
}

/** A change of the model that every environment renders. */
async function setPort(port: number): Promise<void> {
  const ports = [{ name: 'api', protocol: 'TCP', port }];
  await sluice.request.patch('/v1/applications/shop/tiers/backend').set('if-match', '*').send({ ports }).expect(200);
}

async function rows(sql: string): Promise<any[]> {
  return (await sluice.database.pool.query(sql)).rows;
}

/** Header values are bytes: this is the text whose bytes are those of the UTF-8. */
function inUtf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

describe('preview', () => {
  it('says what a publish would do, and stores nothing', async () => {
    await environment('previewed');
    const stored = () =>
      rows('SELECT (SELECT count(*) FROM bundle) b, (SELECT count(*) FROM blob) c, revision FROM model_state');
    const before = await stored();
    const { body } = await sluice.request.get('/v1/environments/previewed/preview').expect(200);
    expect(body).toMatchObject({
      environment: 'previewed',
      revision: Number(before[0].revision),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      wouldPublish: true,
      latestVersion: 0,
      nextVersion: 1,
      counts: { namespaces: 1, objects: 7, flows: 3 },
    });
    expect(body.changes.objects).toContainEqual({
      kind: 'added',
      namespace: 'shop-previewed',
      name: 'allow-backend-egress',
    });
    expect(body.changes.objects.length).toBe(7);
    expect(body.changes.flows.map(({ kind, flow }: any) => `${kind} ${flow}`)).toEqual([
      'flow-added backend-to-database',
      'flow-added frontend-to-backend',
      'flow-added users-to-frontend',
    ]);
    expect(await stored()).toEqual(before);

    const { body: published } = await sluice.request.post(bundles('previewed')).send({}).expect(201);
    expect(published.digest).toBe(body.digest);
    const { body: standing } = await sluice.request.get('/v1/environments/previewed/preview').expect(200);
    expect(standing).toMatchObject({ wouldPublish: false, latestVersion: 1, nextVersion: 1, digest: body.digest });
    expect(standing.changes).toMatchObject({ objects: [], flows: [], connections: [], complete: true });
  });

  it('names the flows that cannot be rendered, which is no reason to refuse', async () => {
    await sluice.request.post('/v1/environments').send({ name: 'empty' }).expect(201);
    const { body } = await sluice.request.get('/v1/environments/empty/preview').expect(200);
    expect(body.counts).toEqual({ namespaces: 0, objects: 0, flows: 0 });
    const paths = body.findings.map(({ path }: any) => path);
    for (const flow of ['users-to-frontend', 'frontend-to-backend', 'backend-to-database'])
      expect(paths).toContain(`flow/${flow}`);
    await sluice.request.post(bundles('empty')).send({}).expect(201);
  });

  it('finds two tiers whose pods could be the same: a finding, where a certain overlap is refused', async () => {
    await environment('overlapping');
    const podSelector = { matchLabels: { part: 'canary' } };
    const tiers = '/v1/applications/shop/tiers';
    await sluice.request.post(tiers).send({ name: 'canary', podSelector }).expect(201);
    const { body } = await sluice.request.get('/v1/environments/overlapping/preview').expect(200);
    const overlaps = body.findings.filter(({ code }: any) => code === 'tiers-overlap');
    const canary = overlaps.find(({ path }: any) => path === 'tier/shop/canary');
    expect(canary).toMatchObject({ severity: 'info' });
    for (const tier of ['backend', 'database', 'frontend']) expect(canary.message).toContain(`"shop/${tier}"`);
    await sluice.request.post(bundles('overlapping')).send({}).expect(201);
    const certain = { podSelector: { matchLabels: { app: 'backend', part: 'canary' } } };
    await sluice.request.patch(`${tiers}/canary`).set('if-match', '*').send(certain).expect(422);
    await sluice.request.delete(`${tiers}/canary`).set('if-match', '*').expect(204);
  });

  it('names an environment that does not exist', async () => {
    const { body } = await sluice.request.get('/v1/environments/moon/preview').expect(404);
    expect(body.detail).toBe('environment "moon" does not exist');
  });
});

describe('publish', () => {
  it('makes a version, and stands by it while the content is the same', async () => {
    const name = await environment('standing');
    const first = await sluice.request.post(bundles(name)).send({ message: 'The first' }).expect(201);
    expect(first.headers['location']).toBe(`${bundles(name)}/1`);
    const again = await sluice.request.post(bundles(name)).send({ message: 'Nothing new' }).expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers['location']).toBe(`${bundles(name)}/1`);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    const got = await sluice.request.get(`${bundles(name)}/1`).expect(200);
    expect(got.body).toEqual(first.body);
    expect(got.headers['etag']).toBe(first.headers['etag']);
    await sluice.request
      .get(`${bundles(name)}/1`)
      .set('if-none-match', String(first.headers['etag']))
      .expect(304);
  });

  it('counts from 1, each version with a link to the one before', async () => {
    const name = await environment('counting');
    for (const version of [1, 2, 3]) {
      await setPort(3000 + version);
      const { body, headers } = await sluice.request.post(bundles(name)).send({}).expect(201);
      expect(body.version).toBe(version);
      expect(headers['link']?.includes('predecessor-version')).toBe(version > 1);
    }
    const { body } = await sluice.request.get(bundles(name)).expect(200);
    expect(body.items.map(({ version }: any) => version)).toEqual([3, 2, 1]);
    const page = await sluice.request.get(`${bundles(name)}?pageSize=2`).expect(200);
    const next = await sluice.request.get(/<([^>]+)>/.exec(page.headers['link'] ?? '')![1]!).expect(200);
    expect(next.body).toEqual({ items: [body.items[2]] });
    const { changes, ...latest } = (await sluice.request.get(`${bundles(name)}/latest`).expect(200)).body;
    expect(latest).toEqual(body.items[0]);
    expect(changes.connections).toHaveLength(1);
    await setPort(3000);
  });

  it('goes back to an earlier content as a new version', async () => {
    const name = await environment('back');
    const first = await sluice.request.post(bundles(name)).send({}).expect(201);
    await setPort(3100);
    await sluice.request.post(bundles(name)).send({}).expect(201);
    await setPort(3000);
    const third = await sluice.request.post(bundles(name)).send({}).expect(201);
    expect(third.body).toMatchObject({ version: 3, digest: first.body.digest });
  });

  it('holds to the version that the client knows', async () => {
    const name = await environment('expecting');
    await sluice.request.post(bundles(name)).send({ expectedVersion: 0 }).expect(201);
    for (const expectedVersion of [0, 2, 2_000_000_000]) {
      const { body } = await sluice.request.post(bundles(name)).send({ expectedVersion }).expect(409);
      expect(body).toMatchObject({
        code: 'version-conflict',
        detail: `the latest version of environment "${name}" is 1, not ${expectedVersion}: look at what changed, then publish again`,
      });
    }
    await sluice.request.post(bundles(name)).send({ expectedVersion: 1 }).expect(200);
  });

  it('keeps who, when and why, and what was noticed', async () => {
    const name = await environment('recorded');
    const { body: token } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'ci-shop', scopes: ['publish'] })
      .expect(201);
    const began = Date.now() - 1000;
    const headers = { 'sluice-reason': inUtf8('Störung №7 behoben'), 'content-type': 'application/json' };
    // not by supertest: Node writes headers and text together in one encoding
    const answer = await fetch(sluice.url + bundles(name), {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token.token}` },
      body: JSON.stringify({ message: 'Für die Prüfung 😀' }),
    });
    expect(answer.status).toBe(201);
    const body: any = await answer.json();
    expect(body).toMatchObject({ message: 'Für die Prüfung 😀', reason: 'Störung №7 behoben', publishedBy: 'ci-shop' });
    expect(Date.parse(body.publishedAt)).toBeGreaterThan(began);
    expect(Date.parse(body.publishedAt)).toBeLessThan(Date.now() + 1000);
    expect(body.findings.map(({ code }: any) => code)).toContain('peer-isolated');
    const { body: preview } = await sluice.request.get(`/v1/environments/${name}/preview`).expect(200);
    expect(preview.findings).toEqual(body.findings);
  });

  it('takes no body for an empty one', async () => {
    const name = await environment('bodiless');
    expect((await sluice.request.post(bundles(name)).expect(201)).body).not.toHaveProperty('message');
  });

  it('stores nothing in a dry run', async () => {
    const name = await environment('dry');
    const { body } = await sluice.request
      .post(`${bundles(name)}?dryRun=true`)
      .send({ message: 'Try' })
      .expect(201);
    expect(body).toMatchObject({ version: 1, message: 'Try' });
    await sluice.request
      .post(`${bundles(name)}?dryRun=true`)
      .send({ expectedVersion: 1 })
      .expect(409);
    await sluice.request
      .post(`${bundles(name)}?dryrun=true`)
      .send({})
      .expect(400);
    const { body: none } = await sluice.request.get(`${bundles(name)}/latest`).expect(404);
    expect(none.detail).toBe(`environment "${name}" has no version yet`);
    const { body: missing } = await sluice.request.get(`${bundles(name)}/1`).expect(404);
    expect(missing.detail).toBe(`version 1 of environment "${name}" does not exist`);
    expect((await sluice.request.get(bundles(name)).expect(200)).body).toEqual({ items: [] });
    expect(await rows(`SELECT 1 FROM bundle WHERE environment = '${name}'`)).toEqual([]);
  });

  it('names an environment that does not exist', async () => {
    for (const path of [bundles('moon'), `${bundles('moon')}/1`, `${bundles('moon')}/latest/manifests`]) {
      const { body } = await sluice.request.get(path).expect(404);
      expect(body.detail).toBe('environment "moon" does not exist');
    }
    await sluice.request.post(bundles('moon')).send({}).expect(404);
  });
});

describe('what was published', () => {
  it('never changes: PostgreSQL refuses it', async () => {
    const name = await environment('immutable');
    await sluice.request.post(bundles(name)).send({}).expect(201);
    for (const sql of [
      `UPDATE bundle SET message = 'forged' WHERE environment = '${name}'`,
      `DELETE FROM bundle WHERE environment = '${name}'`,
      `UPDATE blob SET form = 'whole', bytes = 'forged', fragments = '{}'`,
      `UPDATE fragment SET deflated = 'forged'`,
      `UPDATE change SET actor = 'nobody'`,
      'DELETE FROM change',
    ])
      await expect(rows(sql), sql).rejects.toThrow(/is refused: what is published never changes/);
  });

  it('is kept with its bytes and the model it was made from', async () => {
    const name = await environment('kept');
    await sluice.request.post(bundles(name)).send({}).expect(201);
    const [bundle] = await rows(`SELECT * FROM bundle WHERE environment = '${name}'`);
    // All but the YAML and the List, which are made of it as it is stored.
    const names = Object.entries(bundle).flatMap(([column, value]) =>
      /_digest$/.test(column) && column !== 'json_digest' ? [String(value)] : [],
    );
    expect(names).toHaveLength(3);
    const units = sluice.app.get(UnitOfWork);
    const blobs = await sluice.app.get(ContentStore).get(units.sql(units.reader), names);
    for (const { digest, bytes } of blobs)
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
    expect(new Set(blobs.map(({ digest }) => digest))).toEqual(new Set(names));
    const yaml = blobs.find(({ digest }) => digest === bundle.yaml_gzip_digest)?.bytes ?? Buffer.of();
    expect(`sha256:${createHash('sha256').update(gunzipSync(yaml)).digest('hex')}`).toBe(bundle.digest);
    const snapshot = JSON.parse(String(blobs.find(({ digest }) => digest === bundle.snapshot_digest)?.bytes));
    expect(snapshot).toMatchObject({ revision: Number(bundle.revision), environment: { name } });
    expect(snapshot.flows.map((flow: any) => flow.name)).toContain('users-to-frontend');
    expect(snapshot.placements).toEqual([
      { environment: name, application: 'shop', namespace: `shop-${name}`, tiers: [] },
    ]);
  });

  it('is compared, version with version, with the draft, and with another environment', async () => {
    const name = await environment('compared');
    const other = await environment('other');
    await sluice.request.post(bundles(name)).send({}).expect(201);
    await setPort(3200);
    await sluice.request.post(bundles(name)).send({}).expect(201);
    await sluice.request.post(bundles(other)).send({}).expect(201);
    const diff = async (path: string) => (await sluice.request.get(`${bundles(name)}/${path}`).expect(200)).body;

    const changed = await diff('1/diff/2');
    expect(changed).toMatchObject({
      before: { environment: name, version: 1 },
      after: { environment: name, version: 2 },
    });
    expect(changed.flows).toEqual([
      { kind: 'flow-ports-changed', flow: 'frontend-to-backend', before: 'TCP 3000', after: 'TCP 3200' },
    ]);
    expect(changed.objects).toEqual([
      { kind: 'changed', namespace: `shop-${name}`, name: 'allow-backend-ingress' },
      { kind: 'changed', namespace: `shop-${name}`, name: 'allow-frontend-egress' },
    ]);
    const back = await diff('latest/diff/1');
    expect(back.flows).toEqual([{ ...changed.flows[0], before: 'TCP 3200', after: 'TCP 3000' }]);
    for (const path of ['1/diff/1', '2/diff/latest', 'latest/diff/draft', 'draft/diff/draft'])
      expect(await diff(path)).toMatchObject({ objects: [], flows: [] });

    await setPort(3000);
    expect(await diff('2/diff/draft')).toMatchObject({
      after: { version: 'draft' },
      flows: back.flows,
      objects: changed.objects,
    });

    expect((await diff(`2/diff/1?environment=${other}`)).flows).toEqual([]);
    const across = await diff(`1/diff/latest?environment=${other}`);
    expect(across).toMatchObject({ after: { environment: other, version: 1 }, flows: changed.flows });

    await sluice.request.get(`${bundles(name)}/1/diff/9`).expect(404);
    await sluice.request.get(`${bundles(name)}/1/diff/1?environment=moon`).expect(404);
    await sluice.request.get(`${bundles(name)}/1/diff/1?colour=red`).expect(400);
  });
});
