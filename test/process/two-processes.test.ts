import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ask, dataFolder, endAll, type Server, startServer } from './server.js';

const CLIENTS = 64;
const PUBLISHES_EACH = 1;

describe('two processes over one database', () => {
  const data = dataFolder();
  let database: TestDatabase;
  let servers: [Server, Server];
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, SLUICE_DATA_DIR: data.path };
    servers = [await startServer(env), await startServer(env)];
    token = data.token();
    const made = [
      ['/v1/teams', { name: 'demo' }],
      ['/v1/applications', { name: 'shop', team: 'demo' }],
      ['/v1/applications/shop/tiers', tier('web', 80)],
      ['/v1/applications/shop/tiers', tier('api', 3000)],
      ['/v1/flows', { name: 'web-to-api', from: { tier: 'shop/web' }, to: { tier: 'shop/api' }, ports: ['main'] }],
      ['/v1/environments', { name: 'dev' }],
    ] as const;
    for (const [path, body] of made) expect((await ask(servers[0], token, path, { body })).status).toBe(201);
    const placement = { method: 'PUT', headers: { 'if-none-match': '*' }, body: { namespace: 'shop' } };
    expect((await ask(servers[1], token, '/v1/environments/dev/placements/shop', placement)).status).toBe(201);
  });
  afterAll(async () => {
    await endAll();
    await database.drop();
    data.remove();
  });

  function tier(name: string, port: number): object {
    return { name, podSelector: { matchLabels: { app: name } }, ports: [{ name: 'main', protocol: 'TCP', port }] };
  }

  it('64 clients publish while the model changes: versions 1..N, no gap, none twice, each with the content that was answered', async () => {
    const answers: { status: number; version: number; digest: string; revision: number }[] = [];
    let publishing = true;
    const publish = async (client: number): Promise<void> => {
      for (let i = 0; i < PUBLISHES_EACH; i++) {
        const { status, body } = await ask(servers[client % 2 ? 0 : 1], token, '/v1/environments/dev/bundles', {
          body: { message: `client ${client}` },
        });
        expect([200, 201], JSON.stringify(body)).toContain(status);
        answers.push({ status, version: body.version, digest: body.digest, revision: body.revision });
      }
    };
    const change = async (): Promise<void> => {
      for (let port = 3001; publishing; port++) {
        const body = { ports: [{ name: 'main', protocol: 'TCP', port }] };
        const init = { method: 'PATCH', headers: { 'if-match': '*' }, body };
        expect((await ask(servers[port % 2 ? 0 : 1], token, '/v1/applications/shop/tiers/api', init)).status).toBe(200);
      }
    };
    const changing = change();
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => publish(client))).finally(() => {
      publishing = false;
    });
    await changing;

    expect(answers.length).toBe(CLIENTS * PUBLISHES_EACH);
    const { body } = await ask(servers[0], token, '/v1/environments/dev/bundles?pageSize=500');
    const versions = body.items.map(({ version }: any) => version).reverse();
    expect(versions.length).toBeGreaterThan(1);
    expect(versions).toEqual(versions.map((_: number, index: number) => index + 1));
    // each version was answered as new once, and to one client only
    const created = answers.filter(({ status }) => status === 201).map(({ version }) => version);
    expect(created.sort((a, b) => a - b)).toEqual(versions);
    const revisions = [...body.items].reverse().map(({ revision }: any) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));

    const digests = new Map<number, string>();
    for (const version of versions) {
      const path = `/v1/environments/dev/bundles/${version}/manifests.yaml`;
      const { body: yaml } = await ask(servers[version % 2 ? 0 : 1], token, path);
      digests.set(version, `sha256:${createHash('sha256').update(yaml).digest('hex')}`);
    }
    for (const { version, digest } of answers) expect(digests.get(version)).toBe(digest);
  });

  it('a rollback in one and a publish in the other: versions without a gap, and what a rollback names is what it has', async () => {
    const dev = '/v1/environments/dev';
    const { body: latest } = await ask(servers[0], token, `${dev}/bundles/latest`);
    const mark = { method: 'PUT', headers: { 'if-none-match': '*' }, body: { version: 1 } };
    expect((await ask(servers[0], token, `${dev}/tags/stable`, mark)).status).toBe(201);
    const created: number[] = [];
    const release = async (server: Server, path: string, body: object): Promise<void> => {
      const reply = await ask(server, token, `${dev}/${path}`, { body });
      expect([200, 201], JSON.stringify(reply.body)).toContain(reply.status);
      if (reply.status === 201) created.push(reply.body.version);
    };
    const clients = Array.from({ length: 8 }, async (_, client) => {
      const [one, other] = client % 2 === 0 ? servers : [servers[1], servers[0]];
      await release(one, 'bundles', {});
      await release(other, 'rollbacks', { to: client % 3 === 0 ? 'stable' : 1 });
    });
    await Promise.all(clients);
    const { body } = await ask(servers[1], token, `${dev}/bundles?pageSize=500`);
    const versions = new Map<number, any>(body.items.map((item: any) => [item.version, item]));
    expect([...versions.keys()]).toEqual(Array.from(versions, (_, index) => versions.size - index));
    expect(created.sort((a, b) => a - b)).toEqual(Array.from(created, (_, index) => latest.version + 1 + index));
    const back = [...versions.values()].filter(({ origin }) => origin.kind === 'rollback');
    expect(back.length).toBeGreaterThan(0);
    for (const { version, digest } of back) {
      expect(digest).toBe(versions.get(1).digest);
      expect(versions.get(version - 1).digest).not.toBe(digest);
    }
  });

  it('a token that one revokes is refused by the other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const body = { name: `robot-${round}`, scopes: ['read'] };
      const { body: robot } = await ask(servers[0], token, '/v1/tokens', { body });
      expect((await ask(servers[1], robot.token, '/v1/teams')).status).toBe(200);
      expect((await ask(servers[0], token, `/v1/tokens/${robot.id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await ask(servers[0], robot.token, '/v1/teams')).status).toBe(401);
      const told = performance.now();
      while ((await ask(servers[1], robot.token, '/v1/teams')).status !== 401)
        expect(performance.now() - told).toBeLessThan(2_500);
    }
  });
});
