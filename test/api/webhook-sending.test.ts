import { randomUUID } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliverySender } from '../../src/features/webhook/delivery.sender.js';
import { DeliveryStore } from '../../src/store/delivery.store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { loadShop } from '../support/shop.js';
import { verifyWebhook } from '../support/webhook-verifier.js';
import { afterAttempts, deliveryOnce, PATIENT, sendTest, TurnedClock } from '../support/webhooks.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

let sluice: TestApp;
/** Another process, as far as the database can tell. */
let other: TestApp;
let receiver: Receiver;
const clock = new TurnedClock();
/** PostgreSQL's admin_shutdown. */
const CUT = '"code":"57P01"';
const DELIVERED = ({ state }: any) => state === 'delivered';

/** What the name `receiver.test` leads to, and how often that was asked. */
let addresses: LookupAddress[] = [];
let lookups = 0;
async function resolve(hostname: string): Promise<LookupAddress[]> {
  if (hostname !== 'receiver.test') throw new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  lookups++;
  return addresses;
}

beforeAll(async () => {
  const webhooks = { allow: ['127.0.0.0/8'], now: clock.now, random: () => 0, resolve };
  sluice = await startTestApp({ webhooks, publicUrl: 'https://sluice.example.com' });
  await loadShop(sluice.app);
  other = await startTestApp({ webhooks, databaseUrl: sluice.databaseUrl, token: sluice.token });
});
afterAll(async () => {
  // A connection that was cut while something was asked over it is told, and is meant here.
  const failures = [...sluice.failures, ...other.failures].filter((line) => !line.includes(CUT));
  expect(failures).toEqual([]);
  await other.close();
  await sluice.close();
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  const { body } = await sluice.request.get('/v1/webhooks?pageSize=500').expect(200);
  for (const { name } of body.items)
    await sluice.request.delete(`/v1/webhooks/${name}`).set('if-match', '*').expect(204);
  await receiver.close();
});

async function make(name: string, fields: object = {}): Promise<any> {
  const { body } = await sluice.request
    .post('/v1/webhooks')
    .send({ name, url: receiver.url, ...fields })
    .expect(201);
  return body;
}

let published = 0;
/** A new version of an environment. */
async function publish(environment: string): Promise<any> {
  const profile = { profile: { apiServerCidrs: [`192.0.2.${++published}/32`], defaultDeny: published % 2 === 0 } };
  await sluice.request.patch(`/v1/environments/${environment}`).set('if-match', '*').send(profile).expect(200);
  const message = { message: `Number ${published}` };
  return (await sluice.request.post(`/v1/environments/${environment}/bundles`).send(message).expect(201)).body;
}

async function deliveries(webhook: string, query = ''): Promise<any[]> {
  return (await sluice.request.get(`/v1/webhooks/${webhook}/deliveries${query}`).expect(200)).body.items;
}

async function sql(text: string, ...values: unknown[]): Promise<any[]> {
  return (await sluice.database.pool.query(text, values)).rows;
}

/** So many deliveries that wait, as if they had been written by publishes. */
function pile(webhook: string, count: number): Promise<any[]> {
  return sql(
    `INSERT INTO webhook_delivery (id, webhook, type, body, state, created_at, due_at)
     SELECT 'msg_' || md5($1 || n), $1, 'bundle.published', '{"n":' || n || '}', 'pending', now(), now() FROM generate_series(1, $2::int) n`,
    webhook,
    count,
  );
}

describe('a publish', () => {
  it('is told to those that it concerns, signed, in a few words', async () => {
    const { secret } = await make('all');
    const { publicKey } = await make('of-prod', { environments: ['prod'], signature: 'ed25519' });
    await make('of-dev', { environments: ['dev'] });
    await make('off', { enabled: false });
    const bundle = await publish('prod');
    await receiver.until(2);
    for (const [name, key] of [
      ['all', secret],
      ['of-prod', publicKey],
    ]) {
      const [{ id }] = (await deliveries(name)) as any;
      const delivery = await deliveryOnce(sluice, name, id, DELIVERED);
      const message = receiver.received.find(({ headers }) => headers['webhook-id'] === id)!;
      expect(message).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } });
      const { version, revision, digest, publishedAt, message: why } = bundle;
      expect(verifyWebhook(key, message, clock.now())).toEqual({
        type: 'bundle.published',
        timestamp: publishedAt,
        data: {
          ...{ environment: 'prod', version, revision, digest, publishedBy: 'admin', message: why },
          bundle: `https://sluice.example.com/v1/environments/prod/bundles/${version}`,
        },
      });
      expect(delivery).toMatchObject({ type: 'bundle.published', body: message.body, settledAt: expect.anything() });
      expect(delivery.attempts).toMatchObject([{ number: 1, status: 204 }]);
    }
    for (const name of ['of-dev', 'off']) expect(await deliveries(name)).toEqual([]);
    expect(receiver.received).toHaveLength(2);
  });

  it('that comes to nothing tells nobody', async () => {
    await make('all');
    await publish('prod');
    await sluice.request.post('/v1/environments/prod/bundles').send({}).expect(200);
    await sluice.request.post('/v1/environments/prod/bundles').send({ expectedVersion: 99 }).expect(409);
    expect(await deliveries('all')).toHaveLength(1);
  });
});

describe('a receiver that fails', () => {
  it('is tried again by the schedule, with the same id and bytes and a new timestamp', async () => {
    const { secret } = await make('failing');
    receiver.answer = (response) => response.writeHead(500).end('no');
    await publish('prod');
    const [{ id }] = await deliveries('failing');
    const waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [n, wait] of waits.entries()) {
      const delivery = await afterAttempts(sluice, 'failing', id, n + 1);
      const { at, durationMs, status } = delivery.attempts.at(-1);
      expect({ state: delivery.state, status }).toEqual({ state: 'pending', status: 500 });
      expect(Date.parse(delivery.dueAt) - Date.parse(at) - durationMs).toBe(wait * SECOND);
      verifyWebhook(secret, receiver.received.at(-1)!, clock.now());
      clock.turn(wait * SECOND + 1, sluice, other);
    }
    const last = await afterAttempts(sluice, 'failing', id, 10);
    expect(last).toMatchObject({ state: 'failed', settledAt: expect.anything() });
    expect(last).not.toHaveProperty('dueAt');
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array<string>(10).fill(id));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    clock.turn(50 * HOUR, sluice, other);
    expect((await deliveries('failing', '?state=failed')).map((delivery) => delivery.id)).toEqual([id]);
    expect(await deliveries('failing', '?state=pending')).toEqual([]);
    expect(receiver.received).toHaveLength(10);
  });

  it('is part of the trace of what caused it, each attempt with a span of its own', async () => {
    await make('traced');
    const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=1, b=2' };
    const { body } = await sluice.request.post('/v1/webhooks/traced/test').set(headers).expect(202);
    await afterAttempts(sluice, 'traced', body.id, 1);
    await sluice.request.post(`/v1/webhooks/traced/deliveries/${body.id}/replay`).expect(202);
    await afterAttempts(sluice, 'traced', body.id, 2);
    const told = receiver.received.map(({ headers: { traceparent, tracestate } }) => ({ traceparent, tracestate }));
    expect(told).toHaveLength(2);
    for (const { traceparent, tracestate } of told) {
      expect(traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
      expect(tracestate).toBe('a=1,b=2');
    }
    expect(new Set([headers, ...told].map(({ traceparent }) => traceparent)).size).toBe(3);
  });

  it('is not followed to somewhere else', async () => {
    const elsewhere = await startReceiver();
    try {
      await make('redirecting');
      for (const [n, status] of [301, 302, 303, 307, 308].entries()) {
        receiver.answer = (response) => response.writeHead(status, { location: elsewhere.url }).end();
        const { id } = await sendTest(sluice, 'redirecting');
        const delivery = await afterAttempts(sluice, 'redirecting', id, 1);
        expect(delivery).toMatchObject({ state: 'failed', attempts: [{ status }] });
        expect(receiver.received).toHaveLength(n + 1);
      }
      expect(elsewhere.received).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  it('that is gone is left alone from then on, and the log says so', async () => {
    await make('gone');
    receiver.answer = (response) => response.writeHead(410).end();
    await publish('prod');
    const [{ id }] = await deliveries('gone');
    await deliveryOnce(sluice, 'gone', id, ({ state }) => state === 'failed');
    const get = async () => (await sluice.request.get('/v1/webhooks/gone').expect(200)).body;
    await expect.poll(async () => (await get()).enabled, PATIENT).toBe(false);
    const { body: log } = await sluice.request.get('/v1/changes?resource=webhook&name=gone&pageSize=1').expect(200);
    expect(log.items[0]).toMatchObject({
      ...{ actor: 'sluice-webhooks', action: 'update', reason: 'the receiver answered 410 Gone' },
      ...{ before: { enabled: true }, after: { enabled: false } },
    });
    await publish('prod');
    expect(await deliveries('gone')).toHaveLength(1);
    const { body } = await sluice.request.post('/v1/webhooks/gone/test').expect(422);
    expect(body.errors).toMatchObject([{ code: 'webhook-disabled' }]);
    await sluice.request.post(`/v1/webhooks/gone/deliveries/${id}/replay`).expect(422);

    receiver.answer = (response) => response.writeHead(204).end();
    await sluice.request.patch('/v1/webhooks/gone').set('if-match', '*').send({ enabled: true }).expect(200);
    await sluice.request.post(`/v1/webhooks/gone/deliveries/${id}/replay`).expect(202);
    await deliveryOnce(sluice, 'gone', id, DELIVERED);
  });

  it('that was changed before it said that it is gone stays enabled', async () => {
    await make('moved');
    let answer = () => undefined as unknown;
    receiver.answer = (response) => {
      answer = () => response.writeHead(410).end();
    };
    const { id } = await sendTest(sluice, 'moved');
    await receiver.until(1);
    await sluice.request.patch('/v1/webhooks/moved').set('if-match', '*').send({ displayName: 'New' }).expect(200);
    answer();
    await deliveryOnce(sluice, 'moved', id, ({ state }) => state === 'failed');
    await sendTest(sluice, 'moved');
    await receiver.until(2);
    expect((await sluice.request.get('/v1/webhooks/moved').expect(200)).body.enabled).toBe(true);
    answer();
  });

  it.each([
    ['429', '120'],
    ['503', 'a date'],
  ])('that asks for a pause by %s gets it, for all that it is sent, and others do not', async (status, header) => {
    await make('slow-down');
    await make('brisk', { url: `${receiver.url}/brisk` });
    receiver.answer = (response, { url }) => {
      if (url !== '/hook') return response.writeHead(204).end();
      const retryAfter = header === 'a date' ? new Date(clock.now().getTime() + 120 * SECOND).toUTCString() : header;
      return response.writeHead(Number(status), { 'retry-after': retryAfter }).end();
    };
    await publish('prod');
    const [{ id }] = await deliveries('slow-down');
    const { dueAt, attempts } = await afterAttempts(sluice, 'slow-down', id, 1);
    const pause = Date.parse(dueAt) - Date.parse(attempts[0].at) - attempts[0].durationMs;
    // a date in HTTP has no fractions of a second
    expect(pause).toBeGreaterThan(header === '120' ? 119_999 : 118_000);
    expect(pause).toBeLessThanOrEqual(120_000);
    const { id: later } = await sendTest(sluice, 'slow-down');
    const { id: elsewhere } = await sendTest(sluice, 'brisk');
    await deliveryOnce(sluice, 'brisk', elsewhere, DELIVERED);
    clock.turn(pause - 5 * SECOND, sluice, other);
    const { id: again } = await sendTest(sluice, 'brisk');
    await deliveryOnce(sluice, 'brisk', again, DELIVERED);
    expect((await deliveries('slow-down', '?state=pending')).map((delivery) => delivery.attempts.length)).toEqual([
      0, 1,
    ]);
    receiver.answer = (response) => response.writeHead(204).end();
    clock.turn(6 * SECOND, sluice, other);
    for (const each of [id, later]) await deliveryOnce(sluice, 'slow-down', each, DELIVERED);
  });

  it.each([
    ['speaks no HTTP', 'http://127.0.0.1:PORT/', /Parse Error|closed without an answer|socket hang up|ECONNRESET/],
    ['is not there', 'http://127.0.0.1:CLOSED/', /^connect ECONNREFUSED/],
    ['has no address', 'http://nowhere.test/', /ENOTFOUND nowhere\.test/],
    ['speaks no TLS', 'https://127.0.0.1:PORT/', /EPROTO|SSL|closed|ECONNRESET|hang up/],
  ])('that %s is told of as it is', async (_, template, error) => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('What?\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const [port, closed] = [server, gone].map((one) => String((one.address() as any).port));
    gone.close();
    await once(gone, 'close');
    try {
      const url = template.replace('PORT', port!).replace('CLOSED', closed!);
      await make('broken', { url });
      const { id } = await sendTest(sluice, 'broken');
      const delivery = await afterAttempts(sluice, 'broken', id, 1);
      expect(delivery.attempts[0].error).toMatch(error);
      expect(delivery.attempts[0]).not.toHaveProperty('status');
    } finally {
      server.close();
    }
  });
});

describe('addresses', () => {
  const sent = async (): Promise<any> => {
    const { id } = await sendTest(sluice, 'named');
    return afterAttempts(sluice, 'named', id, 1);
  };
  const four = (address: string): LookupAddress => ({ address, family: 4 });

  it('are judged when they are connected to: a name that leads inside now and then is refused then', async () => {
    await make('named', { url: `http://receiver.test:${receiver.port}/hook` });
    addresses = [four('127.0.0.1')];
    expect(await sent()).toMatchObject({ state: 'delivered' });
    for (const [address, what] of [
      ['169.254.169.254', 'link-local'],
      ['10.0.0.1', 'private'],
    ] as const) {
      addresses = [four(address)];
      const { state, attempts } = await sent();
      expect(state).toBe('failed');
      expect(attempts[0].error).toContain(`receiver.test: ${address} is in no network of SLUICE_WEBHOOK_ALLOW`);
      // with TLS the name of the range is what is wrong
      const secure = { url: `https://receiver.test:${receiver.port}/hook` };
      await sluice.request.patch('/v1/webhooks/named').set('if-match', '*').send(secure).expect(200);
      expect((await sent()).attempts[0].error).toContain(`receiver.test: ${address} is ${what}`);
      await sluice.request
        .patch('/v1/webhooks/named')
        .set('if-match', '*')
        .send({ url: `http://receiver.test:${receiver.port}/hook` })
        .expect(200);
    }
    expect(receiver.received).toHaveLength(1);
  });

  it('are asked for once an attempt, so that what was judged is what is connected to', async () => {
    await make('named', { url: `http://receiver.test:${receiver.port}/hook` });
    const answers = [[four('127.0.0.1')], [four('169.254.169.254')]];
    for (const expected of ['delivered', 'failed']) {
      addresses = answers.shift()!;
      const before = lookups;
      expect(await sent()).toMatchObject({ state: expected });
      expect(lookups).toBe(before + 1);
    }
  });

  it('that may not be sent to are left out, where a name has others', async () => {
    await make('named', { url: `http://receiver.test:${receiver.port}/hook` });
    addresses = [four('169.254.169.254'), { address: 'fe80::1%lo', family: 6 }, four('127.0.0.1')];
    expect(await sent()).toMatchObject({ state: 'delivered' });
    addresses = [];
    expect((await sent()).attempts[0].error).toContain('receiver.test has no address');
  });
});

describe('several processes', () => {
  it('send each delivery once, while they live', async () => {
    await make('counted');
    await make('counted-too', { url: `${receiver.url}/too` });
    for (const name of ['counted', 'counted-too']) await pile(name, 150);
    for (const { app } of [sluice, other, sluice]) app.get(DeliverySender).wake();
    await receiver.until(300);
    await expect
      .poll(
        async () => (await sql(`SELECT count(*)::int AS n FROM webhook_delivery WHERE state = 'pending'`))[0].n,
        PATIENT,
      )
      .toBe(0);
    expect(receiver.received).toHaveLength(300);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(300);
    expect(await sql('SELECT count(*)::int AS n FROM webhook_attempt')).toEqual([{ n: 300 }]);
  });

  it('send what one took that died, once its lease is over, and believe it no more after that', async () => {
    await make('inherited');
    await pile('inherited', 1);
    const store = new DeliveryStore();
    const now = clock.now();
    const claim = {
      now,
      lease: randomUUID(),
      leaseMs: 60 * SECOND,
      room: 9,
      perWebhook: 9,
      busy: new Map(),
      opens: [],
    };
    const [taken, ...more] = await store.claim(sluice.database.sql, claim);
    expect(more).toEqual([]);
    expect(taken).toMatchObject({ webhook: 'inherited', tries: 1, url: receiver.url });
    expect(await store.claim(sluice.database.sql, { ...claim, lease: randomUUID() })).toEqual([]);
    clock.turn(59 * SECOND, sluice, other);
    const { id: probe } = await sendTest(sluice, 'inherited');
    await deliveryOnce(sluice, 'inherited', probe, DELIVERED);
    expect(receiver.received).toHaveLength(1);
    clock.turn(2 * SECOND, sluice, other);
    const delivery = await deliveryOnce(sluice, 'inherited', taken!.id, DELIVERED);
    expect(delivery.attempts).toHaveLength(1);
    const said = { state: 'failed', dueAt: undefined, at: now, now, status: 500, error: undefined } as const;
    expect(await store.settle(sluice.database.sql, taken!, said)).toBe(false);
    expect(await deliveryOnce(sluice, 'inherited', taken!.id, DELIVERED)).toEqual(delivery);
  });

  it('take none whose secret they cannot open', async () => {
    await make('sealed');
    await sql(`UPDATE webhook_key SET sealed_with = 'another' WHERE webhook = 'sealed'`);
    await pile('sealed', 1);
    const claim = { now: clock.now(), lease: randomUUID(), leaseMs: 1, room: 9, perWebhook: 9, busy: new Map() };
    const store = new DeliveryStore();
    expect(await store.claim(sluice.database.sql, { ...claim, opens: ['one'] })).toEqual([]);
    expect(await store.nextDue(sluice.database.sql, ['one'], [])).toBeUndefined();
    expect(await store.claim(sluice.database.sql, { ...claim, opens: ['one', 'another'] })).toHaveLength(1);
  });
});

describe('a webhook with thousands that wait', () => {
  it('holds up no other, and no connection to the database', async () => {
    await make('stuck');
    const brisk = await startReceiver();
    try {
      await make('quick', { url: brisk.url });
      receiver.answer = () => undefined; // for as long as it may
      await pile('stuck', 3_000);
      sluice.app.get(DeliverySender).wake();
      await receiver.until(4);
      for (let n = 0; n < 10; n++) {
        const { id } = await sendTest(sluice, 'quick');
        const delivery = await deliveryOnce(sluice, 'quick', id, DELIVERED);
        expect(delivery.attempts).toHaveLength(1);
      }
      const open = await sql(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
      );
      expect(open).toEqual([{ n: 0 }]);
      // A statement of the sender may be under way at this moment; what is held stays.
      const { pool } = sluice.database;
      await vi.waitFor(() => expect(pool.totalCount - pool.idleCount).toBe(0), { timeout: 5_000, interval: 1 });
      const leased = `SELECT count(*)::int AS n FROM webhook_delivery WHERE webhook = 'stuck' AND lease IS NOT NULL`;
      expect((await sql(leased))[0].n).toBeLessThanOrEqual(8); // four a process
    } finally {
      await brisk.close();
    }
  });

  it('takes turns with the others', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      await make(name);
      // none that a process takes by itself
      await sql(`UPDATE webhook_key SET sealed_with = 'another' WHERE webhook = $1`, name);
    }
    await pile('a', 50);
    for (const name of names.slice(1)) await pile(name, 1);
    await sql(`UPDATE webhook_delivery SET due_at = due_at - interval '1 hour' WHERE webhook = 'a'`);
    const claim = { now: clock.now(), lease: randomUUID(), leaseMs: SECOND, opens: ['another'] };
    const store = new DeliveryStore();
    const taken = await store.claim(sluice.database.sql, {
      ...claim,
      room: 6,
      perWebhook: 4,
      busy: new Map([['a', 1]]),
    });
    expect(taken.map(({ webhook }) => webhook).sort()).toEqual(['a', 'a', 'b', 'c', 'd', 'e']);
  });
});

describe('a delivery', () => {
  it('is sent again when it is asked for: the same id and bytes, one attempt more', async () => {
    const { secret } = await make('replayed');
    await publish('prod');
    const [{ id }] = await deliveries('replayed');
    await deliveryOnce(sluice, 'replayed', id, DELIVERED);
    const replay = () =>
      sluice.request.post(`/v1/webhooks/replayed/deliveries/${id}/replay`).set('idempotency-key', 'again').expect(202);
    expect((await replay()).body).toMatchObject({ id, state: 'pending', attempts: [{ number: 1 }] });
    const delivery = await afterAttempts(sluice, 'replayed', id, 2);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [{ number: 1 }, { number: 2 }] });
    expect((await replay()).body).toMatchObject({ id, state: 'pending' }); // as it was answered the first time
    await sendTest(sluice, 'replayed');
    await receiver.until(3);
    const [first, second, third] = receiver.received;
    expect(second).toMatchObject({ body: first!.body, headers: { 'webhook-id': id } });
    expect(third!.headers['webhook-id']).not.toBe(id);
    for (const message of receiver.received) verifyWebhook(secret, message, clock.now());
  });

  it('that waits is sent at once when it is asked for, with the whole schedule before it', async () => {
    await make('waiting');
    receiver.answer = (response) => response.writeHead(500).end();
    await publish('prod');
    const [{ id }] = await deliveries('waiting');
    for (const count of [1, 2]) {
      await afterAttempts(sluice, 'waiting', id, count);
      clock.turn(count === 1 ? 6 * SECOND : 0, sluice, other);
    }
    await sluice.request.post(`/v1/webhooks/waiting/deliveries/${id}/replay`).expect(202);
    const { dueAt, attempts } = await afterAttempts(sluice, 'waiting', id, 3);
    expect(Date.parse(dueAt) - Date.parse(attempts[2].at) - attempts[2].durationMs).toBe(5 * SECOND);
  });

  it('is listed in pages, the newest first, each once', async () => {
    await make('listed', { enabled: false });
    await pile('listed', 25);
    const all = await deliveries('listed');
    expect(all.map(({ body }) => JSON.parse(body).n)).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n));
    const found: any[] = [];
    for (let path: string | undefined = '/v1/webhooks/listed/deliveries?pageSize=10&state=pending'; path;) {
      const { body, headers }: any = await sluice.request.get(path).expect(200);
      found.push(...body.items);
      path = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1];
    }
    expect(found).toEqual(all);
    const { body } = await sluice.request.get('/v1/webhooks/listed/deliveries?pageSize=10').expect(200);
    const token = encodeURIComponent(body.nextPageToken);
    await sluice.request.get(`/v1/webhooks/listed/deliveries?state=failed&pageToken=${token}`).expect(400);
    const { body: wrong } = await sluice.request.get('/v1/webhooks/listed/deliveries?state=lost').expect(400);
    expect(wrong.errors).toMatchObject([{ pointer: '#/state', code: 'wrong-value' }]);
  });

  it('is forgotten after some days, whatever came of it', async () => {
    await make('old', { enabled: false });
    await pile('old', 3);
    const [kept, ...gone] = await deliveries('old');
    const days = (clock.now().getTime() - Date.now()) / (24 * HOUR);
    await sql(
      `UPDATE webhook_delivery SET created_at = now() + $2 * interval '1 day' - CASE WHEN id = $1 THEN interval '29 days' ELSE interval '31 days' END
       WHERE webhook = 'old'`,
      kept.id,
      days,
    );
    clock.turn(HOUR, sluice, other);
    await expect.poll(async () => (await deliveries('old')).length, PATIENT).toBe(1);
    expect(gone).toHaveLength(2);
    expect((await deliveries('old'))[0].id).toBe(kept.id);
  });

  it('is counted by what came of it', async () => {
    const counted = async () => {
      const { text } = await sluice.request.get('/metrics').expect(200);
      const { text: more } = await other.request.get('/metrics').expect(200);
      const of = (result: string) =>
        [text, more].reduce(
          (sum, each) =>
            sum +
            Number(new RegExp(`^sluice_webhook_deliveries_total{result="${result}"} (\\d+)$`, 'm').exec(each)?.[1]),
          0,
        );
      return [of('delivered'), of('retried'), of('failed')];
    };
    await make('measured');
    const [delivered = 0, retried = 0, failed = 0] = await counted();
    await sendTest(sluice, 'measured');
    await receiver.until(1);
    await expect.poll(counted, PATIENT).toEqual([delivered + 1, retried, failed]);
    receiver.answer = (response) => response.writeHead(500).end();
    await sendTest(sluice, 'measured');
    await expect.poll(counted, PATIENT).toEqual([delivered + 1, retried, failed + 1]);
    await publish('prod');
    await expect.poll(counted, PATIENT).toEqual([delivered + 1, retried + 1, failed + 1]);
  });
});

describe('a database that goes away for a moment', () => {
  it('is asked again: what waits is sent', async () => {
    await make('patient');
    receiver.answer = (response) => response.writeHead(500).end();
    await publish('prod');
    const [{ id }] = await deliveries('patient');
    await afterAttempts(sluice, 'patient', id, 1);
    receiver.answer = (response) => response.writeHead(204).end();
    await sql('SELECT 1'); // one connection at least is cut
    const admin = await sluice.database.pool.connect();
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    admin.release();
    clock.turn(6 * SECOND); // nobody is woken but by the connection that listens again
    await expect.poll(() => sluice.request.get('/readyz').then(({ status }) => status), PATIENT).toBe(200);
    await deliveryOnce(sluice, 'patient', id, DELIVERED);
  });
});
