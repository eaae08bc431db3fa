import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { verifyWebhook } from '../support/webhook-verifier.js';
import { PATIENT } from '../support/webhooks.js';
import { ask, dataFolder, endAll, type Server, startServer } from './server.js';

/** Each starts a server or two, on whatever machine. */
const STARTS = 120_000;

describe('processes that send to webhooks', { timeout: STARTS }, () => {
  const data = dataFolder();
  let database: TestDatabase;
  let client: pg.Client;
  let receiver: Receiver;
  /** Whoever is told to go by way of a proxy comes here. */
  let proxy: Receiver;
  let env: Record<string, string>;
  /** One, but while it hands over to the next. */
  let server: Server;
  let token: string;

  beforeAll(async () => {
    [database, receiver, proxy] = [await createTestDatabase(), await startReceiver(), await startReceiver()];
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const through = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, http_proxy: proxy.url, https_proxy: proxy.url };
    env = {
      ...{
        DATABASE_URL: database.url,
        SLUICE_DATA_DIR: data.path,
        SLUICE_LOG_LEVEL: 'trace',
        SLUICE_GENERATE_KEYS: 'on',
      },
      ...{ SLUICE_WEBHOOK_ALLOW: '127.0.0.0/8, ::1/128', NODE_USE_ENV_PROXY: '1', ...through },
      NODE_EXTRA_CA_CERTS: resolve('test/support/tls/receiver.crt'),
    };
    server = await startServer(env);
    token = data.token();
    expect((await ask(server, token, '/v1/environments', { body: { name: 'dev' } })).status).toBe(201);
  }, STARTS);
  afterAll(async () => {
    await endAll();
    await client.end();
    await database.drop();
    await receiver.close();
    await proxy.close();
    data.remove();
  });

  async function make(name: string, url = receiver.url): Promise<string> {
    const { status, body } = await ask(server, token, '/v1/webhooks', { body: { name, url } });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.secret;
  }

  async function delivery(webhook: string): Promise<any> {
    return (await ask(server, token, `/v1/webhooks/${webhook}/deliveries`)).body.items[0];
  }

  async function test(webhook: string): Promise<void> {
    expect((await ask(server, token, `/v1/webhooks/${webhook}/test`, { body: {} })).status).toBe(202);
  }

  const stateOf = (webhook: string) => expect.poll(async () => (await delivery(webhook))?.state, PATIENT);

  it('one that is told to end gives back what it is sending, and another sends it at once', async () => {
    const secret = await make('drained');
    receiver.answer = () => undefined;
    await test('drained');
    await receiver.until(1);
    const ending = server;
    server = await startServer(env);
    receiver.answer = (response) => response.writeHead(204).end();
    expect(await ending.end('SIGTERM')).toBe(0);
    await stateOf('drained').toBe('delivered');
    expect((await delivery('drained')).attempts).toHaveLength(1);
    expect(receiver.received).toHaveLength(2);
    for (const message of receiver.received) verifyWebhook(secret, message, new Date());
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    receiver.received.length = 0;
  });

  it('one that is killed while it sends is followed by another, once its lease is over', async () => {
    const secret = await make('killed');
    receiver.answer = () => undefined;
    await test('killed');
    await receiver.until(1);
    expect(await server.end('SIGKILL')).toBe('SIGKILL');
    receiver.answer = (response) => response.writeHead(204).end();
    server = await startServer(env);
    await test('drained'); // what it could take it has taken by the time that this one is there
    await receiver.until(2);
    expect(await delivery('killed')).toMatchObject({ state: 'pending', attempts: [] });
    await client.query(`UPDATE webhook_delivery SET due_at = due_at - interval '1 minute' WHERE webhook = 'killed'`);
    await client.query('NOTIFY sluice_deliveries');
    await stateOf('killed').toBe('delivered');
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], expect.anything(), ids[0]]);
    for (const message of [receiver.received[0]!, receiver.received[2]!]) verifyWebhook(secret, message, new Date());
    receiver.received.length = 0;
  });

  it('send by TLS to whoever a certificate vouches for, and by no proxy', async () => {
    const tls = {
      key: readFileSync('test/support/tls/receiver.key'),
      cert: readFileSync('test/support/tls/receiver.crt'),
    };
    const received: string[] = [];
    const secure = createTlsServer(tls, (request, response) => {
      received.push(String(request.headers['webhook-id']));
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const { port } = secure.address() as { port: number };
    try {
      await make('secure', `https://localhost:${port}/`);
      await make('plain');
      for (const name of ['secure', 'plain']) {
        await test(name);
        await stateOf(name).toBe('delivered');
      }
      expect(received).toHaveLength(1);
      expect(receiver.received).toHaveLength(1);
      expect(proxy.received).toEqual([]);
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });

  it('keep secrets sealed, and out of what they print', async () => {
    const secret = await make('secretive');
    await test('secretive');
    await stateOf('secretive').toBe('delivered');
    const { rows } = await client.query(`SELECT sealed_with, encode(secret, 'base64') AS text FROM webhook_key`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { sealed_with: sealedWith, text } of rows) {
      expect(sealedWith).toMatch(/^[0-9a-f]{16}$/);
      expect(text).not.toContain(secret.slice('whsec_'.length));
    }
    expect(server.output()).not.toContain(secret.slice('whsec_'.length));
  });
});
