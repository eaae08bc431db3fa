import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { openStream, type ReadStream } from '../support/event-stream.js';
import { ask, dataFolder, endAll, type Server, startServer } from './server.js';

const CLIENTS = 200;
const LATEST = '/v1/environments/dev/bundles/latest';
/** Of the server: it takes no longer than this to end. */
const SHUTDOWN_MS = 10_000;

describe('clients that wait, on two processes over one database', () => {
  const data = dataFolder();
  let database: TestDatabase;
  let client: pg.Client;
  let servers: [Server, Server];
  let token: string;
  let newest = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url, application_name: 'the test' });
    await client.connect();
    const env = { DATABASE_URL: database.url, SLUICE_DATA_DIR: data.path };
    servers = [await startServer(env), await startServer(env)];
    token = data.token();
    const made = [
      ['/v1/teams', { name: 'demo' }],
      ['/v1/applications', { name: 'shop', team: 'demo' }],
      ['/v1/environments', { name: 'dev' }],
    ] as const;
    for (const [path, body] of made) expect((await ask(servers[0], token, path, { body })).status).toBe(201);
    const placement = { method: 'PUT', headers: { 'if-none-match': '*' }, body: { namespace: 'shop' } };
    expect((await ask(servers[0], token, '/v1/environments/dev/placements/shop', placement)).status).toBe(201);
    await publish(servers[0]);
  });
  afterAll(async () => {
    await endAll();
    await client.end();
    await database.drop();
    data.remove();
  });

  /** Makes the next version; gives its number. */
  async function publish(server: Server): Promise<number> {
    const body = { name: `tier-${newest}`, podSelector: { matchLabels: { app: `tier-${newest}` } } };
    expect((await ask(server, token, '/v1/applications/shop/tiers', { body })).status).toBe(201);
    const published = await ask(server, token, '/v1/environments/dev/bundles', { body: {} });
    expect(published.status).toBe(201);
    return (newest = published.body.version);
  }

  const of = (index: number): Server => servers[index % 2 === 0 ? 0 : 1];

  /** The version that a long poll is told of, 0 for none (304). */
  async function poll(server: Server): Promise<number> {
    const known = await fetch(server.url + LATEST, { headers: { authorization: `Bearer ${token}` } });
    const etag = String(known.headers.get('etag'));
    await known.arrayBuffer();
    const headers = { authorization: `Bearer ${token}`, 'if-none-match': etag, prefer: 'wait=60' };
    const asked = request(server.url + LATEST, { headers, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const text = Buffer.concat(await answer.toArray()).toString();
    if (answer.statusCode === 304) return 0;
    expect(answer.statusCode).toBe(200);
    return JSON.parse(text).version;
  }

  const follow = (server: Server): Promise<ReadStream> =>
    openStream(`${server.url}/v1/environments/dev/events`, { headers: { authorization: `Bearer ${token}` } });

  async function waiters(kind: string): Promise<number> {
    const counts = servers.map(async (server) => {
      const { body } = await ask(server, token, '/metrics');
      return Number(new RegExp(`^sluice_waiters\\{kind="${kind}"\\} (\\d+)$`, 'm').exec(body)?.[1] ?? 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** Half of them wait by long polls, half by streams, over both processes. */
  async function start(clients: number) {
    const polls = Array.from({ length: clients / 2 }, (_, index) => poll(of(index)));
    const streams = await Promise.all(Array.from({ length: clients / 2 }, (_, index) => follow(of(index))));
    await expect.poll(() => waiters('poll'), { timeout: 20_000 }).toBe(polls.length);
    await expect.poll(() => waiters('events'), { timeout: 20_000 }).toBe(streams.length);
    return { polls, streams };
  }

  /** Connections of the servers that do something, or wait within a transaction. */
  async function busy(): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    return Number(rows[0]?.count);
  }

  async function connections(name: string): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [name],
    );
    return Number(rows[0]?.count);
  }

  it(`${CLIENTS} are told of a publish, each once, and hold no connection meanwhile`, async () => {
    const { polls, streams } = await start(CLIENTS);
    await expect.poll(busy).toBe(0);
    expect(await connections('sluice-listen')).toBe(2);
    expect(await connections('sluice')).toBeLessThanOrEqual(20);

    const first = await publish(servers[0]);
    expect(await Promise.all(polls)).toEqual(polls.map(() => first));
    const second = await publish(servers[1]);
    for (const stream of streams) expect((await stream.take(2)).map(({ id }) => id)).toEqual([first, second]);
    for (const stream of streams) stream.close();
    await expect.poll(() => waiters('events')).toBe(0);
  });

  it('nobody misses a version while the connections that listen are killed, again and again', async () => {
    const { polls, streams } = await start(20);
    const published: number[] = [];
    for (let round = 0; round < 4; round++) {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'sluice-listen'`,
      );
      published.push(await publish(of(round)));
    }
    // who polls is told of the first or of a later one: what is latest when it is told
    for (const version of await Promise.all(polls)) expect(published).toContain(version);
    for (const stream of streams) expect((await stream.take(4)).map(({ id }) => id)).toEqual(published);
    for (const stream of streams) stream.close();
    await expect.poll(() => waiters('events')).toBe(0);
    await expect.poll(() => connections('sluice-listen'), { timeout: 10_000 }).toBe(2);
  });

  it('SIGTERM answers them all, and ends the process at once', async () => {
    const { polls, streams } = await start(40);
    const began = performance.now();
    const ended = Promise.all(servers.map((server) => server.end('SIGTERM')));
    expect(await Promise.all(polls)).toEqual(polls.map(() => 0));
    expect(await Promise.all(streams.map((stream) => stream.next()))).toEqual(streams.map(() => undefined));
    expect(await ended).toEqual([0, 0]);
    expect(performance.now() - began).toBeLessThan(SHUTDOWN_MS);
    for (const server of servers) expect(server.output()).not.toMatch(/"level":[56]0/);
  });
});
