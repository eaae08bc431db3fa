import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { migrate } from '../../src/store/migrate/migration.runner.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { baseBackup } from '../support/base-backup.js';
import { machinePostgres, startMachinePostgres } from '../support/machine-postgres.js';
import { sha256 } from '../support/releases.js';
import { loadShop } from '../support/shop.js';

const VERSIONS = 4;

/** One version as clients fetch it: its digest, and that of each form of its bytes. */
type Fetched = Readonly<Record<string, string>>;

/** Publishes version after version of dev, each with another port, until `enough` says so; gives the number of the last one. */
async function publish(sluice: TestApp, enough: (version: number) => boolean): Promise<number> {
  for (;;) {
    const { body: tier } = await sluice.request.get('/v1/applications/shop/tiers/backend').expect(200);
    const ports = [{ ...tier.ports[0], port: tier.ports[0].port + 1 }];
    const patch = sluice.request.patch('/v1/applications/shop/tiers/backend').set('if-match', '*');
    await patch.send({ ports }).expect(200);
    const { body } = await sluice.request.post('/v1/environments/dev/bundles').send({ message: 'again' }).expect(201);
    if (enough(body.version as number)) return body.version as number;
  }
}

/** Every version up to one, fetched. */
async function versions(sluice: TestApp, last: number): Promise<Fetched[]> {
  return Promise.all(Array.from({ length: last }, (_, index) => version(sluice, index + 1)));
}

async function version(sluice: TestApp, number: number): Promise<Fetched> {
  const path = `/v1/environments/dev/bundles/${number}`;
  const { body } = await sluice.request.get(path).expect(200);
  const bytes: Record<string, string> = {};
  for (const suffix of ['yaml', 'json', 'tar.gz']) {
    const answer = await fetch(`${sluice.url}${path}/manifests.${suffix}`, {
      headers: { authorization: `Bearer ${sluice.token}` },
    });
    expect(answer.status).toBe(200);
    bytes[suffix] = sha256(Buffer.from(await answer.arrayBuffer()));
  }
  expect(bytes['yaml'], 'the digest of a version is that of its YAML').toBe(body.digest);
  return { number: String(number), digest: body.digest, publishedAt: body.publishedAt, ...bytes };
}

/** What the model says, and who changed it. */
async function model(sluice: TestApp): Promise<unknown> {
  const lists = ['teams', 'applications', 'peers', 'environments', 'flows', 'changes?pageSize=500'];
  return Promise.all(lists.map(async (list) => (await sluice.request.get(`/v1/${list}`).expect(200)).body.items));
}

describe('a base backup', () => {
  const folders = ['source', 'restored'].map((name) => mkdtempSync(join(tmpdir(), `sluice-backup-${name}-`)));
  const [sourceFolder = '', restoredFolder = ''] = folders;
  let source: EmbeddedPostgres;
  let sluice: TestApp;

  beforeAll(async () => {
    for (const folder of folders) chmodSync(folder, 0o755);
    source = await startEmbeddedPostgres({ dataDir: sourceFolder, durability: 'throw-away' });
    await migrate(source.url);
    sluice = await startTestApp({ databaseUrl: source.url });
    await loadShop(sluice.app);
  });
  afterAll(async () => {
    await sluice.close();
    await source.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('that is taken while versions are published has every one that was acknowledged, byte for byte', async () => {
    const before = await publish(sluice, (number) => number >= VERSIONS);
    let taken = false;
    const meanwhile = publish(sluice, () => taken);
    await baseBackup(source, restoredFolder).finally(() => (taken = true));
    const last = await meanwhile;
    const original = await versions(sluice, last);
    expect(new Set(original.map(({ digest }) => digest)).size, 'each version is another').toBe(last);

    const server = await startEmbeddedPostgres({ dataDir: restoredFolder, durability: 'throw-away' });
    const restored = await startTestApp({ databaseUrl: server.url, token: sluice.token });
    try {
      const { body } = await restored.request.get('/v1/environments/dev/bundles?pageSize=500').expect(200);
      const there = body.items.length as number;
      expect(there).toBeGreaterThanOrEqual(before);
      expect(await versions(restored, there)).toEqual(original.slice(0, there));
      expect(await publish(restored, () => true), 'it goes on from there').toBe(there + 1);
    } finally {
      await restored.close();
      await server.stop();
    }
  });
});

const machine = machinePostgres();
const reason = typeof machine === 'string' ? ` (skipped: ${machine})` : '';

describe.skipIf(typeof machine === 'string')(`pg_dump and pg_restore${reason}`, () => {
  let server: Pick<EmbeddedPostgres, 'url' | 'stop'>;
  let sluice: TestApp;

  beforeAll(async () => {
    if (typeof machine === 'string') return;
    // pg_dump refuses a server newer than itself, as the embedded one may be: so a server of its own version.
    server = await startMachinePostgres(machine);
    await migrate(server.url);
    sluice = await startTestApp({ databaseUrl: server.url });
    await loadShop(sluice.app);
  });
  afterAll(async () => {
    await sluice.close();
    await server.stop();
  });

  it('carry every version into an empty database, with the model and who changed it', async () => {
    if (typeof machine === 'string') return;
    const last = await publish(sluice, (number) => number >= VERSIONS);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query('CREATE DATABASE restored TEMPLATE template0');
    await admin.end();
    const url = server.url.replace(/postgres$/, 'restored');
    const dump = execFileSync(machine.dump, ['--format=custom', '--dbname', server.url], { maxBuffer: 2 ** 26 });
    execFileSync(machine.restore, ['--exit-on-error', '--single-transaction', '--no-owner', '--dbname', url], {
      input: dump,
    });
    const restored = await startTestApp({ databaseUrl: url, token: sluice.token });
    try {
      expect(await versions(restored, last)).toEqual(await versions(sluice, last));
      expect(await model(restored)).toEqual(await model(sluice));
      expect(await publish(restored, () => true)).toBe(last + 1);
    } finally {
      await restored.close();
    }
  });
});
