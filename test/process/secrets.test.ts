import { generateKeyPairSync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { PATIENT } from '../support/webhooks.js';
import { ask, dataFolder, endAll, type Server, startServer } from './server.js';

const STARTS = 120_000;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A server that logs all that it can, is asked for all that it can do, and fails wherever it can be made to. */
describe('a secret', { timeout: STARTS }, () => {
  const data = dataFolder();
  const password = `pw-${randomBytes(12).toString('hex')}`;
  const role = `planted_${randomBytes(4).toString('hex')}`;
  const pem = () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  };
  const keys = [pem(), pem()] as const;
  let database: TestDatabase;
  let client: pg.Client;
  let receiver: Receiver;
  let server: Server;
  let token: string;
  /** What must be nowhere, by what it is. */
  const planted = new Map<string, string>();
  /** All replies that are refusals, and the metrics. */
  const told: string[] = [];

  beforeAll(async () => {
    [database, receiver] = [await createTestDatabase(), await startReceiver()];
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`);
    const url = Object.assign(new URL(database.url), { username: role, password });
    server = await startServer({
      ...{ DATABASE_URL: url.href, SLUICE_DATA_DIR: data.path, SLUICE_LOG_LEVEL: 'trace' },
      ...{ SLUICE_RELEASE_KEYS: keys[0], SLUICE_ATTESTATION_KEYS: keys[1], SLUICE_WEBHOOK_ALLOW: '127.0.0.0/8' },
    });
    token = data.token();
    planted.set('the password of the database', password);
    planted.set('the admin token', token);
    for (const [n, text] of keys.entries()) planted.set(`key ${n + 1}`, text.split('\n')[1]!.slice(0, 40));
  }, STARTS);
  afterAll(async () => {
    await endAll();
    await client.query(`DROP ROLE IF EXISTS ${role}`);
    await client.end();
    await database.drop();
    await receiver.close();
    data.remove();
  });

  /** Any request; a refusal is kept. */
  async function send(path: string, body?: unknown, more: { method?: string; headers?: Record<string, string> } = {}) {
    const answer = await ask(server, token, path, body === undefined ? more : { body, ...more });
    if (answer.status >= 400) told.push(JSON.stringify(answer.body));
    return answer;
  }

  const made = async (path: string, body: unknown, status = 201) => {
    const answer = await send(path, body);
    expect([path, answer.status, JSON.stringify(answer.body)]).toEqual([path, status, expect.any(String)]);
    return answer.body;
  };
  const change = { headers: { 'if-match': '*' } };

  async function everyWrite(): Promise<void> {
    for (const name of ['dev', 'prod']) await made('/v1/environments', { name });
    await made('/v1/teams', { name: 'demo' });
    await made('/v1/applications', { name: 'shop', team: 'demo' });
    const podSelector = { matchLabels: { app: 'web' } };
    await made('/v1/applications/shop/tiers', { name: 'web', podSelector, ports: [{ name: 'http', port: 80 }] });
    await made('/v1/peers', { name: 'users', kind: 'internet' });
    await send(
      '/v1/environments/dev/placements/shop',
      { namespace: 'shop' },
      { method: 'PUT', headers: { 'if-none-match': '*' } },
    );
    await made('/v1/flows', { name: 'in', from: { peer: 'users' }, to: { tier: 'shop/web' }, ports: ['http'] });
    const { secret } = await made('/v1/webhooks', {
      name: 'told',
      url: `${receiver.url}?key=${plant('the address of a webhook')}`,
    });
    planted.set('the secret of a webhook', secret);
    planted.set('the secret of a webhook, as it is stored', Buffer.from(secret.slice(6), 'base64').toString('hex'));
    const key = await made('/v1/webhooks/told/keys', {});
    planted.set('the second secret of a webhook', key.secret);
    const other = await made('/v1/tokens', { name: 'ci', scopes: ['read', 'publish'] });
    planted.set('a token', other.token);
    await made('/v1/environments/dev/bundles', { message: 'one' });
    await send(
      '/v1/environments/dev/tags/stable',
      { version: 1 },
      { method: 'PUT', headers: { 'if-none-match': '*' } },
    );
    await send('/v1/environments/prod/promotions', { from: 'dev', version: 1 });
    await send('/v1/environments/dev/rollbacks', { to: 1 });
    await send('/v1/environments/dev/deployments', { cluster: 'eu', version: 1, result: 'applied' });
    await send('/v1/retention', {});
    await made('/v1/webhooks/told/test', {}, 202);
    await receiver.until(2);
    const mutation =
      'mutation { createTeam(input: {name: "graph"}) { name } createToken(input: {name: "g", scopes: [read]}) { token: __typename } }';
    await send('/graphql', { query: mutation });
    await send('/v1/flows/in', undefined, { method: 'DELETE', ...change });
    await send(`/v1/tokens/${other.id}`, undefined, { method: 'DELETE' });
  }

  function plant(what: string): string {
    const text = randomBytes(12).toString('hex');
    planted.set(what, text);
    return text;
  }

  /** Refusals of the client's own making, and failures inside: rows that the database refuses, with all that is in them, and connections that break. */
  async function everyFailure(): Promise<void> {
    const near = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const authorization of [`Bearer ${near}`, `Basic ${btoa(`me:${near}`)}`, `Digest ${token}`])
      expect((await send('/v1/teams', undefined, { headers: { authorization } })).status).toBe(401);
    await send('/v1/teams', { name: 'x', secret: 'wrong field' });
    await send('/graphql', { query: '{ nothing }' });
    for (const table of ['webhook_key', 'token', 'webhook', 'team'])
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT never CHECK (false) NOT VALID`);
    for (const [path, body] of [
      ['/v1/webhooks/told/keys', {}],
      ['/v1/tokens', { name: 'never', scopes: ['read'] }],
      ['/v1/webhooks', { name: 'never', url: receiver.url }],
      ['/v1/teams', { name: 'never' }],
    ] as const)
      expect([path, (await send(path, body)).status]).toEqual([path, 500]);
    await send('/graphql', {
      query: 'mutation { createWebhook(input: {name: "never", url: "https://example.com"}) { secret } }',
    });
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    await client.query(`ALTER ROLE ${role} NOLOGIN`);
    await send('/v1/environments/dev/bundles/latest/manifests'); // from memory
    for (const path of ['/v1/teams', '/readyz']) {
      const { status } = await send(path);
      expect([path, status]).toEqual([path, 503]);
    }
    await client.query(`ALTER ROLE ${role} LOGIN`);
    await expect.poll(async () => (await send('/readyz')).status, PATIENT).toBe(200);
  }

  it('is in no output, no metric and no problem, whatever is done and whatever fails', async () => {
    await everyWrite();
    const { traceparent } = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    await send('/v1/flows/nobody', undefined, { headers: { traceparent } });
    await everyFailure();
    told.push((await ask(server, token, '/metrics')).body);
    expect(await server.end('SIGTERM')).toBe(0);
    // The banner shows the first admin token, once, to whoever started the server.
    const output = server.output().replace(server.banner, '');
    expect(planted.size).toBeGreaterThanOrEqual(9);
    for (const [what, secret] of planted)
      for (const [where, text] of [
        ['the output', output],
        ['a reply', told.join('\n')],
      ] as const)
        expect([what, where, text.includes(secret)]).toEqual([what, where, false]);
  });

  it('is missed by nobody: requests and errors are logged, with their traces', () => {
    const output = server.output().replace(server.banner, '');
    const lines: any[] = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const found = lines.find(({ traceId }) => traceId === TRACE);
    expect(found).toMatchObject({
      ...{ level: 30, method: 'GET', route: '/v1/flows/:flow', status: 404, actor: 'admin', msg: 'request' },
      ...{ bytes: expect.any(Number), durationMs: expect.any(Number), spanId: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect(found.bytes).toBeGreaterThan(200);
    const errors = lines.filter(({ level }) => level === 50);
    expect(errors.length).toBeGreaterThanOrEqual(4);
    for (const { traceId, msg } of errors.filter(({ err }) => err.code === '23514')) {
      expect(traceId, msg).toMatch(/^[0-9a-f]{32}$/);
      expect(lines.filter((line) => line.traceId === traceId && line.msg === 'request')).toHaveLength(1);
    }
  });
});
