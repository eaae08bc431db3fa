import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { migrate } from '../../src/store/migrate/migration.runner.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { startStandby } from '../support/base-backup.js';
import { loadShop } from '../support/shop.js';

const revisionOf = ({ headers }: Response) => Number(headers['sluice-revision']);

describe('a server with a streaming standby', () => {
  const folders = ['primary', 'standby'].map((name) => mkdtempSync(join(tmpdir(), `sluice-replica-${name}-`)));
  let [primary, standby]: EmbeddedPostgres[] = [];
  let sluice: TestApp;
  let replay: pg.Client;
  let ports = 8000;

  beforeAll(async () => {
    for (const folder of folders) chmodSync(folder, 0o755);
    primary = await startEmbeddedPostgres({ dataDir: folders[0]!, durability: 'throw-away' });
    await migrate(primary.url);
    standby = await startStandby(primary, folders[1]!);
    sluice = await startTestApp({ databaseUrl: primary.url, replicaUrl: standby.url });
    await loadShop(sluice.app);
    replay = new pg.Client({ connectionString: standby.url });
    replay.on('error', () => undefined);
    await replay.connect();
  });
  afterAll(async () => {
    await replay.end();
    await sluice.close();
    await standby?.stop();
    await primary?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Changes the port of the backend; gives the port and the revision that this made. */
  async function write(): Promise<{ port: number; revision: number }> {
    const port = ports++;
    const body = { ports: [{ name: 'api', protocol: 'TCP', port }] };
    const patched = await sluice.request.patch('/v1/applications/shop/tiers/backend').set('if-match', '*').send(body);
    expect(patched.status).toBe(200);
    return { port, revision: revisionOf(patched) };
  }

  const replayed = async () => Number((await replay.query('SELECT revision FROM model_state')).rows[0].revision);
  const pause = () => replay.query('SELECT pg_wal_replay_pause()');
  const resume = () => replay.query('SELECT pg_wal_replay_resume()');

  async function caughtUp(revision: number): Promise<void> {
    await expect.poll(replayed, { timeout: 20_000 }).toBe(revision);
  }

  /** The port of the backend by each door that reads the model, with the revision that it says, for a demand. */
  async function portsBy(least: number | undefined): Promise<[port: number, revision: number][]> {
    const demand = least === undefined ? {} : { 'sluice-min-revision': String(least) };
    const portOf = (tier: any) => tier.ports[0].port as number;
    const one = await sluice.request.get('/v1/applications/shop/tiers/backend').set(demand).expect(200);
    const list = await sluice.request.get('/v1/applications/shop/tiers').set(demand).expect(200);
    const log = await sluice.request.get('/v1/changes?name=shop/backend&pageSize=1').set(demand).expect(200);
    const backend = list.body.items.find(({ name }: any) => name === 'backend');
    return [
      [portOf(one.body), revisionOf(one)],
      [portOf(backend), revisionOf(list)],
      [portOf(log.body.items[0].after), revisionOf(log)],
    ];
  }

  it('answers from it what it has replayed, and from the primary what it has not', async () => {
    const old = await write();
    await caughtUp(old.revision);
    await pause();
    const young = await write();
    expect(young.revision).toBe(old.revision + 1);
    // The standby shows its own, older state to who asks for no more than that: so it was asked.
    for (const door of await portsBy(old.revision)) expect(door).toEqual([old.port, old.revision]);
    for (const door of await portsBy(young.revision)) expect(door).toEqual([young.port, young.revision]);
    for (const door of await portsBy(undefined)) expect(door).toEqual([young.port, young.revision]);
    await resume();
    await caughtUp(young.revision);
    for (const door of await portsBy(old.revision)) expect(door).toEqual([young.port, young.revision]);
  });

  it('says the same by GraphQL, where a write is followed by what it wrote', async () => {
    const old = await write();
    await caughtUp(old.revision);
    await pause();
    const young = await write();
    const query =
      '{ tier(application: "shop", name: "backend") { ports { port } application { tiers { name ports { port } } } } }';
    const asked = async (least: number) => {
      const answer = await sluice.request.post('/graphql').set('sluice-min-revision', String(least)).send({ query });
      const { tier } = answer.body.data;
      const again = tier.application.tiers.find(({ name }: any) => name === 'backend');
      return [tier.ports[0].port, again.ports[0].port, revisionOf(answer)];
    };
    expect(await asked(old.revision)).toEqual([old.port, old.port, old.revision]);
    expect(await asked(young.revision)).toEqual([young.port, young.port, young.revision]);

    const mutation = `mutation { updateTier(application: "shop", name: "backend", ifMatch: "*", patch: { description: "x" }) { ports { port } application { tiers { name description } } } }`;
    const written = await sluice.request.post('/graphql').set('sluice-min-revision', '0').send({ query: mutation });
    expect(written.body.errors).toBeUndefined();
    const { ports: now, application } = written.body.data.updateTier;
    expect(now[0].port).toBe(young.port);
    expect(application.tiers.find(({ name }: any) => name === 'backend').description).toBe('x');
    expect(revisionOf(written)).toBe(young.revision + 1);
    await resume();
  });

  it('refuses a revision that there is not yet with 412, and names the last one', async () => {
    const { revision } = await write();
    for (const path of [
      '/v1/teams',
      '/v1/teams/demo',
      '/v1/changes',
      '/v1/environments/dev/preview',
      '/v1/environments/dev/connections?version=draft',
      '/v1/environments/dev/bundles/latest/manifests',
    ]) {
      const separator = path.includes('?') ? '&' : '?';
      const { status, body } = await sluice.request.get(`${path}${separator}minRevision=${revision + 1}`);
      expect([path, status, body.code]).toEqual([path, 412, 'precondition-failed']);
      expect(body.detail).toBe(`revision ${revision + 1} does not exist yet: the last one is ${revision}`);
      expect((await sluice.request.get(`${path}${separator}minRevision=${revision}`)).status, path).toBe(200);
    }
  });

  it('reads from the primary where the standby is away', async () => {
    await replay.end();
    await standby!.stop();
    const { port, revision } = await write();
    for (const door of await portsBy(revision)) expect(door).toEqual([port, revision]);
    for (const door of await portsBy(0)) expect(door).toEqual([port, revision]);
    await sluice.request
      .get('/v1/teams')
      .set('sluice-min-revision', String(revision + 1))
      .expect(412);
    expect(sluice.failures).toEqual([]);
  });
});

describe('a server without one', () => {
  let sluice: TestApp;

  beforeAll(async () => {
    sluice = await startTestApp();
    await loadShop(sluice.app);
  });
  afterAll(() => sluice.close());

  it('holds the demand all the same', async () => {
    const { headers } = await sluice.request.get('/v1/teams').expect(200);
    const last = Number(headers['sluice-revision']);
    await sluice.request.get(`/v1/teams?minRevision=${last}&pageSize=1`).expect(200);
    await sluice.request.get(`/v1/teams?minRevision=${last + 1}`).expect(412);
    await sluice.request
      .post('/v1/teams')
      .set('sluice-min-revision', String(last + 1))
      .send({ name: 'x' })
      .expect(412);
  });

  it('says the revision of every write that was one, and carries it to the next page', async () => {
    const dry = await sluice.request.post('/v1/teams?dryRun=true').send({ name: 'one' }).expect(201);
    expect(dry.headers).not.toHaveProperty('sluice-revision');
    const made = await sluice.request.post('/v1/teams').send({ name: 'one' }).expect(201);
    expect(`"${revisionOf(made)}"`).toBe(made.headers['etag']);
    const replaced = await sluice.request.put('/v1/teams/one').set('if-match', '*').send({ displayName: 'One' });
    expect(revisionOf(replaced)).toBe(revisionOf(made) + 1);
    const gone = await sluice.request.delete('/v1/teams/one').set('if-match', '*').expect(204);
    expect(revisionOf(gone)).toBe(revisionOf(made) + 2);
    const standing = await sluice.request.get('/v1/teams/demo').expect(200);
    expect(`"${revisionOf(standing)}"`, 'of an object, that of its last change').toBe(standing.headers['etag']);
    const demanded = await sluice.request.get(`/v1/teams/demo?minRevision=${revisionOf(gone)}`).expect(200);
    expect(revisionOf(demanded), 'or what was demanded').toBe(revisionOf(gone));
    expect(revisionOf(await sluice.request.get('/v1/teams')), 'of a list, that of the model').toBe(revisionOf(gone));
    const page = await sluice.request.get(`/v1/applications/shop/tiers?pageSize=1&minRevision=${revisionOf(gone)}`);
    expect(page.headers['link']).toContain(`minRevision=${revisionOf(gone)}`);
    const unchanged = await sluice.request.get('/v1/teams/demo').set('if-none-match', '*').expect(304);
    expect(revisionOf(unchanged)).toBe(revisionOf(standing));
  });

  it('refuses what is no revision, in a sentence', async () => {
    for (const wrong of ['-1', '1.5', 'x', '9999999999999999', '']) {
      const { status, body } = await sluice.request.get(`/v1/teams?minRevision=${wrong}`);
      expect([wrong, status, body.errors[0].pointer]).toEqual([wrong, 400, '#/minRevision']);
      await sluice.request
        .get('/v1/teams')
        .set('sluice-min-revision', wrong || '+')
        .expect(400);
    }
    await sluice.request.get('/v1/teams?minRevision=1&minRevision=2').expect(400);
    await sluice.request.get('/v1/teams?minRevision=1').set('sluice-min-revision', '2').expect(400);
  });
});
