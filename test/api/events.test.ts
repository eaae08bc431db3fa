import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/platform/auth/authenticator.js';
import { EventStreams } from '../../src/platform/http/event-streams.js';
import { Wheel } from '../../src/platform/wheel.js';
import { Arrivals } from '../../src/store/arrivals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { openStream, type ReadStream } from '../support/event-stream.js';
import { loadShop } from '../support/shop.js';

const EVENTS = '/v1/environments/dev/events';

let sluice: TestApp;
let newest = 1;
const open: ReadStream[] = [];

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});
beforeEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await expect.poll(() => following()).toBe(0);
});

const following = (of = sluice) => of.app.get(Arrivals).counts.events;

async function follow(headers: Record<string, string> = {}, { of = sluice, path = EVENTS, token = sluice.token } = {}) {
  const stream = await openStream(of.url + path, { headers: { authorization: `Bearer ${token}`, ...headers } });
  open.push(stream);
  return stream;
}

/** Makes the next version; gives its number. */
async function publish(body: object = {}): Promise<number> {
  const name = `tier-${newest}`;
  const tier = { name, podSelector: { matchLabels: { app: name } } };
  await sluice.request.post('/v1/applications/shop/tiers').send(tier).expect(201);
  return (newest = (await sluice.request.post('/v1/environments/dev/bundles').send(body).expect(201)).body.version);
}

const ids = async (stream: ReadStream, count: number) => (await stream.take(count)).map(({ id }) => id);

describe('the events of an environment', () => {
  it('are one for each version, as it is published', async () => {
    const stream = await follow({ accept: 'text/event-stream' });
    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const version = await publish({ message: 'one line\nand another' });
    const { body } = await sluice.request.get(`/v1/environments/dev/bundles/${version}`).expect(200);
    const { digest, publishedAt, publishedBy, message, changes } = body;
    const { connections, newlyIsolatedTiers, noLongerIsolatedTiers } = changes.summary;
    expect(await stream.next()).toEqual({
      id: version,
      event: 'bundle.published',
      data: {
        ...{ environment: 'dev', version, digest, publishedAt, publishedBy, message },
        changes: { connections, newlyIsolatedTiers, noLongerIsolatedTiers },
      },
    });
    expect(stream.comments[0]).toMatch(/^retry: \d+$/);
    await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(200); // nothing new
    await publish();
    expect(await ids(stream, 1)).toEqual([newest]);
  });

  it('go on after the last one that was told: all, in order, none twice', async () => {
    while (newest < 5) await publish();
    const all = Array.from({ length: newest }, (_, index) => index + 1);
    const [first, some, none] = [
      await follow({ 'last-event-id': '0' }),
      await follow({ 'last-event-id': '3' }),
      await follow({ 'last-event-id': String(newest) }),
    ];
    const next = await publish();
    expect(await ids(first, newest)).toEqual([...all, next]);
    expect(await ids(some, newest - 3)).toEqual([...all.slice(3), next]);
    expect(await ids(none, 1)).toEqual([next]);

    // also in a process that was told of none of them
    const other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
    const late = await follow({ 'last-event-id': '2' }, { of: other });
    expect(await ids(late, newest - 2)).toEqual([...all.slice(2), next]);
    late.close();
    await other.close();
  });

  it('begin with the first version of an environment that has none', async () => {
    const stream = await follow({}, { path: '/v1/environments/staging/events' });
    await sluice.request.post('/v1/environments/staging/bundles').send({}).expect(201);
    expect(await ids(stream, 1)).toEqual([1]);
  });

  it('leave out what retention removed', async () => {
    while (newest < 5) await publish();
    await sluice.request
      .put('/v1/environments/dev/tags/kept')
      .set('if-none-match', '*')
      .send({ version: 2 })
      .expect(201);
    await sluice.request.post('/v1/retention').send({ environment: 'dev', keepVersions: 1 }).expect(200);
    const stream = await follow({ 'last-event-id': '0' });
    const version = await publish();
    expect(await ids(stream, 3)).toEqual([2, version - 1, version]);
    expect(await ids(await follow({ 'last-event-id': '1' }), 2)).toEqual([2, version - 1]);
  });

  it('are answered to HEAD by their headers alone', async () => {
    const answer = await fetch(sluice.url + EVENTS, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${sluice.token}` },
    });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/event-stream',
      '',
    ]);
  });
});

describe('what is refused before the stream begins', () => {
  it.each(['-1', '1.5', 'abc', '99999', '1e1', ' ,', '9'.repeat(400)])('Last-Event-ID: %s', async (id) => {
    const { body } = await sluice.request.get(EVENTS).set('last-event-id', id).expect(400);
    expect(body).toMatchObject({
      code: 'malformed',
      detail: `Last-Event-ID is the number of a version of environment "dev", 0 to ${newest}`,
      errors: [{ pointer: '#/Last-Event-ID', code: 'no-such-event' }],
    });
  });

  it('what cannot be had, whom it is not for, and where there is nothing', async () => {
    const refused = async (status: number, code: string, ask: any) => {
      const { body, headers } = await ask.expect(status);
      expect([body.code, headers['content-type']]).toEqual([code, expect.stringContaining('application/problem+json')]);
    };
    await refused(406, 'not-acceptable', sluice.request.get(EVENTS).set('accept', 'application/json'));
    await refused(401, 'unauthenticated', sluice.as(undefined).get(EVENTS));
    await refused(404, 'not-found', sluice.request.get('/v1/environments/nowhere/events'));
    await refused(404, 'not-found', sluice.request.get('/v1/environments/No%20Name/events'));
    const fields = { name: 'elsewhere', scopes: ['read'], environment: 'prod' };
    const { token } = (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;
    await refused(403, 'forbidden', sluice.as(token).get(EVENTS));
  });
});

describe('a stream ends', () => {
  const token = async (fields: object) => (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;

  it('when its token is revoked, at once, and no other one does', async () => {
    const [gone, stays] = [
      await token({ name: 'gone', scopes: ['read'] }),
      await token({ name: 'stays', scopes: ['read'] }),
    ];
    const [ended, other] = [await follow({}, { token: gone.token }), await follow({}, { token: stays.token })];
    await sluice.request.delete(`/v1/tokens/${gone.id}`).expect(204);
    expect(await ended.next()).toBeUndefined();
    const version = await publish();
    expect(await ids(other, 1)).toEqual([version]);
  });

  it('before it tells anything to a token that has expired', async () => {
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    const { token: secret } = await token({ name: 'short', scopes: ['read'], expiresAt });
    const stream = await follow({}, { token: secret });
    await expect.poll(() => Date.now() > Date.parse(expiresAt), { timeout: 5_000 }).toBe(true);
    await publish();
    expect(await stream.next()).toBeUndefined();
  });

  it('with the process, which does not wait for it', async () => {
    const other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow({}, { of: other })));
    const closed = other.close();
    expect(await Promise.all(streams.map((stream) => stream.next()))).toEqual(streams.map(() => undefined));
    await closed;
  });

  it('and is forgotten, when the client goes away', async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow()));
    await expect.poll(() => following()).toBe(10);
    for (const stream of streams) stream.close();
    await expect.poll(() => following()).toBe(0);
  });
});

describe('a client that is slow', () => {
  const VERSIONS = 6_000;

  /** The rows of so many versions, as if they had been published: with messages that are longer than any, 25 MB in all: more than sockets take. */
  async function fill(): Promise<void> {
    await sluice.request.post('/v1/environments').send({ name: 'busy' }).expect(201);
    await sluice.database.sql(
      `INSERT INTO bundle (environment, version, digest, revision, counts, findings, proof, changes, message, actor, at,
         yaml_gzip_digest, json_digest, tar_digest, snapshot_digest)
       SELECT 'busy', n, digest, revision, counts, findings, proof, changes, repeat('x', 4000), actor, at,
         yaml_gzip_digest, json_digest, tar_digest, snapshot_digest
       FROM (SELECT * FROM bundle WHERE environment = 'dev' ORDER BY version DESC LIMIT 1) AS b, generate_series(1, $1::int) AS n`,
      [VERSIONS],
    );
  }

  it('is not read ahead for: the server holds a page for it, and goes on where it stopped', async () => {
    await fill();
    const served: Socket[] = [];
    const server = sluice.app.getHttpServer();
    const watch = (socket: Socket) => served.push(socket);
    server.on('connection', watch);
    const { hostname, port } = new URL(sluice.url);
    const client = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    client.write(
      ['GET /v1/environments/busy/events HTTP/1.1', 'host: x', `authorization: Bearer ${sluice.token}`].join('\r\n') +
        '\r\nlast-event-id: 0\r\n\r\n',
    );
    // It reads nothing, until the server has to wait for it.
    const sent = () => served.reduce((sum, socket) => sum + socket.bytesWritten, 0);
    const waits = () => served.some((socket) => socket.writableNeedDrain);
    await expect.poll(waits, { timeout: 10_000 }).toBe(true);
    for (let before = -1; before !== sent(); await pause(300)) before = sent();
    expect(waits()).toBe(true);
    expect(Math.max(...served.map((socket) => socket.writableLength))).toBeLessThan(1_000_000);
    server.off('connection', watch);

    client.on('data', (chunk) => void chunks.push(chunk));
    const last = `"version":${VERSIONS},`;
    await expect.poll(() => Buffer.concat(chunks.slice(-20)).includes(last), { timeout: 20_000 }).toBe(true);
    client.destroy();
    await once(client, 'close');
    const text = Buffer.concat(chunks)
      .toString('latin1')
      .replace(/\r\n[0-9a-f]+\r\n/g, '');
    const told = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(told).toEqual(Array.from({ length: VERSIONS }, (_, index) => index + 1));
  });
});

describe('a quiet stream', () => {
  it('says now and then that it is there, and lets go of who takes nothing', async () => {
    const streams = new EventStreams(sluice.app.get(Authenticator), new Wheel(), 200);
    const fastify = (await import('fastify')).fastify({ forceCloseConnections: true });
    fastify.get('/quiet', async (request, reply) => void (await streams.open(request, reply)));
    fastify.get('/full', async (request, reply) => {
      const stream = await streams.open(request, reply);
      void stream?.send([{ event: 'much', data: 'x'.repeat(50_000_000) }]);
    });
    const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
    const headers = { authorization: `Bearer ${sluice.token}` };
    const quiet = await openStream(`${url}/quiet`, { headers });
    open.push(quiet);
    void quiet.next().catch(() => undefined);
    await expect.poll(() => quiet.comments.filter((comment) => comment === ':').length).toBeGreaterThan(2);
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    client.pause();
    client.write(`GET /full HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\n\r\n`);
    // the end of a connection is seen by who reads, so the server is asked
    await expect.poll(() => fastify.server.listening && streams['streams'].size, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => streams['streams'].size, { timeout: 10_000 }).toBe(1);
    client.destroy();
    await fastify.close();
  });
});
