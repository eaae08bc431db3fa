import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretBox } from '../../src/platform/keys/secret-box.js';
import { ask, dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { loadShop } from '../support/shop.js';
import { verifyWebhook } from '../support/webhook-verifier.js';
import { deliveryOnce, PATIENT, sendTest, TurnedClock } from '../support/webhooks.js';

const HOUR = 3_600_000;

let sluice: TestApp;
let receiver: Receiver;
const clock = new TurnedClock();
const sealing = randomBytes(32);

beforeAll(async () => {
  const webhooks = { allow: ['127.0.0.0/8'], now: clock.now, random: () => 0, box: new SecretBox([sealing]) };
  sluice = await startTestApp({ webhooks });
  await loadShop(sluice.app);
  receiver = await startReceiver();
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
  await receiver.close();
});

async function make(name: string, fields: object = {}): Promise<any> {
  const { body } = await sluice.request
    .post('/v1/webhooks')
    .send({ name, url: receiver.url, ...fields })
    .expect(201);
  return body;
}

async function problems(fields: object): Promise<any[]> {
  const { body } = await sluice.request
    .post('/v1/webhooks')
    .send({ name: 'wrong', url: receiver.url, ...fields })
    .expect(422);
  return body.errors;
}

/** The headers of the next message. */
async function nextMessage(name: string): Promise<Receiver['received'][number]> {
  const count = receiver.received.length;
  const { id } = await sendTest(sluice, name);
  await expect.poll(() => receiver.received.length, PATIENT).toBeGreaterThan(count);
  await deliveryOnce(sluice, name, id, ({ state }) => state === 'delivered');
  return receiver.received.at(-1)!;
}

describe('a webhook', () => {
  it('is shown with its secret once, and verified by it', async () => {
    const made = await sluice.request.post('/v1/webhooks').send({ name: 'first', url: receiver.url }).expect(201);
    expect(made.headers['location']).toBe('/v1/webhooks/first');
    expect(made.headers['cache-control']).toBe('no-store');
    const { secret, ...shown } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toEqual({ name: 'first', url: receiver.url, enabled: true, signature: 'hmac' });
    expect((await sluice.request.get('/v1/webhooks/first').expect(200)).body).toEqual(shown);
    expect((await make('second')).secret).not.toBe(secret);

    const message = await nextMessage('first');
    const { type, data } = verifyWebhook(secret, message, clock.now());
    expect({ type, data }).toEqual({ type: 'webhook.test', data: { webhook: 'first', requestedBy: 'admin' } });
    expect(() => verifyWebhook(secret, { ...message, body: `${message.body} ` }, clock.now())).toThrow('no signature');
  });

  it('signs with a key of which the receiver has the public half, where it is to', async () => {
    const { publicKey, secret } = await make('asymmetric', { signature: 'ed25519' });
    expect(secret).toBeUndefined();
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const message = await nextMessage('asymmetric');
    expect(message.headers['webhook-signature']).toMatch(/^v1a,/);
    verifyWebhook(publicKey, message, clock.now());
    const { body } = await sluice.request.get('/v1/webhooks/asymmetric/keys').expect(200);
    expect(body.items).toMatchObject([{ signature: 'ed25519', publicKey, createdBy: 'admin' }]);
    const change = sluice.request.patch('/v1/webhooks/asymmetric').set('if-match', '*').send({ signature: 'hmac' });
    expect((await change.expect(422)).body.errors).toMatchObject([{ pointer: '#/signature', code: 'signature-fixed' }]);
  });

  it('is refused with every problem at once', async () => {
    expect(
      await problems({ url: 'https://10.0.0.1/', environments: ['moon', 'dev', 'dev'], signature: 'rsa', events: [] }),
    ).toMatchObject([
      { pointer: '#/environments/0', code: 'unknown-environment', value: 'moon' },
      { pointer: '#/environments/2', code: 'duplicate', value: 'dev' },
      { pointer: '#/events', code: 'unknown-field' },
      { pointer: '#/signature', code: 'wrong-value', value: 'rsa' },
      {
        pointer: '#/url',
        code: 'inside-address',
        detail: expect.stringContaining('10.0.0.1 is private (10.0.0.0/8, RFC 1918)'),
        value: 'https://10.0.0.1/',
      },
    ]);
    expect(await problems({ url: 'http://10.0.0.1/' })).toMatchObject([{ code: 'webhook-without-tls' }]);
    expect(await problems({ environments: [] })).toMatchObject([{ pointer: '#/environments' }]);
    const [{ detail, value }] = (await problems({ url: 'https://me:geheim@example.com/' })) as any;
    expect(detail).not.toContain('geheim');
    expect(value).toBe('https://me:geheim@example.com/'); // to whom sent it
    const query = 'mutation ($input: WebhookInput!) { createWebhook(input: $input) { name } }';
    const { errors } = await ask(sluice, query, {
      input: { name: 'wrong', url: 'https://0x7f.1:1/', environments: ['moon'] },
    });
    expect(errors?.[0]?.extensions.errors).toMatchObject([{ code: 'unknown-environment' }]);
  });

  it('is written and read by admins alone', async () => {
    const { body } = await sluice.request.post('/v1/tokens').send({ name: 'writer', scopes: ['write', 'publish'] });
    const writer = sluice.as(body.token);
    const { body: bound } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'bound', scopes: ['admin'], environment: 'dev' });
    for (const agent of [writer, sluice.as(bound.token)]) {
      for (const path of ['', '/first', '/first/keys', '/first/deliveries', '/first/deliveries/msg_1'])
        await agent.get(`/v1/webhooks${path}`).expect(403);
      for (const path of ['', '/first/keys', '/first/test', '/first/deliveries/msg_1/replay'])
        await agent.post(`/v1/webhooks${path}`).send({}).expect(403);
      await agent.patch('/v1/webhooks/first').set('if-match', '*').send({}).expect(403);
      await agent.delete('/v1/webhooks/first').set('if-match', '*').expect(403);
      for (const query of [
        '{ webhooks { nodes { name } } }',
        '{ webhook(name: "first") { deliveries { nodes { id } } } }',
        'mutation { testWebhook(name: "first") { id } }',
        'mutation { rotateWebhookKey(name: "first") { id } }',
      ]) {
        const answer = await agent.post('/graphql').send({ query });
        expect(answer.body.errors).toMatchObject([{ extensions: { code: 'forbidden' } }]);
      }
    }
  });

  it('holds the environments that it names', async () => {
    await sluice.request.post('/v1/environments').send({ name: 'short-lived' }).expect(201);
    await make('holder', { environments: ['short-lived'] });
    const gone = () => sluice.request.delete('/v1/environments/short-lived').set('if-match', '*');
    expect((await gone().expect(409)).body.detail).toContain('webhook/holder');
    await sluice.request.delete('/v1/webhooks/holder').set('if-match', '*').expect(204);
    await gone().expect(204);
  });

  it('is tested and replayed without words: what would not be heeded is refused', async () => {
    for (const path of ['test', `deliveries/msg_${'0'.repeat(32)}/replay`]) {
      const { body } = await sluice.request.post(`/v1/webhooks/first/${path}`).send({ type: 'x' }).expect(422);
      expect(body.errors).toMatchObject([{ pointer: '#/type', code: 'unknown-field' }]);
    }
  });

  it('is named where it does not exist', async () => {
    for (const path of ['nobody', 'No%20body', '%00']) {
      await sluice.request.get(`/v1/webhooks/${path}/keys`).expect(404);
      await sluice.request.post(`/v1/webhooks/${path}/keys`).send({}).expect(404);
      await sluice.request.get(`/v1/webhooks/${path}/deliveries`).expect(404);
      await sluice.request.post(`/v1/webhooks/${path}/test`).expect(404);
    }
    for (const id of ['nothing', `msg_${'0'.repeat(32)}`, '%00']) {
      const { body } = await sluice.request.get(`/v1/webhooks/first/deliveries/${id}`).expect(404);
      expect(body.detail).toMatch(/^delivery ".*" of webhook "first" does not exist$/);
      await sluice.request.post(`/v1/webhooks/first/deliveries/${id}/replay`).expect(404);
    }
  });
});

describe('a rotation', () => {
  const rotate = (name: string, body: object = {}) => sluice.request.post(`/v1/webhooks/${name}/keys`).send(body);
  const signatures = ({ headers }: { headers: any }) => String(headers['webhook-signature']).split(' ');

  it('has both keys sign for a while, and then the new one', async () => {
    const { secret: before } = await make('rotated');
    const { body, headers } = await rotate('rotated', { keepHours: 2 }).expect(201);
    expect(headers['cache-control']).toBe('no-store');
    const { secret: after } = body;
    expect(after).not.toBe(before);
    const both = await nextMessage('rotated');
    expect(signatures(both)).toHaveLength(2);
    for (const secret of [before, after]) verifyWebhook(secret, both, clock.now());
    const { body: keys } = await sluice.request.get('/v1/webhooks/rotated/keys').expect(200);
    expect(keys.items.map(({ id, expiresAt }: any) => [id === body.id, expiresAt === undefined])).toEqual([
      [true, true],
      [false, false],
    ]);

    clock.turn(2 * HOUR + 1_000, sluice);
    const one = await nextMessage('rotated');
    expect(signatures(one)).toHaveLength(1);
    verifyWebhook(after, one, clock.now());
    expect(() => verifyWebhook(before, one, clock.now())).toThrow('no signature');
  });

  it('leaves two at most, and ends the one before at once after a leak', async () => {
    const { secret: first } = await make('leaked');
    const second = (await rotate('leaked').expect(201)).body.secret;
    const third = (await rotate('leaked').expect(201)).body.secret;
    const message = await nextMessage('leaked');
    for (const secret of [second, third]) verifyWebhook(secret, message, clock.now());
    expect(() => verifyWebhook(first, message, clock.now())).toThrow('no signature');
    const query =
      'mutation { rotateWebhookKey(name: "leaked", keepHours: 0, reason: "it leaked") { id secret signature } }';
    const { rotateWebhookKey: last } = await dataOf(sluice, query);
    const alone = await nextMessage('leaked');
    expect(signatures(alone)).toHaveLength(1);
    verifyWebhook(last.secret, alone, clock.now());
    const { body: log } = await sluice.request.get('/v1/changes?resource=webhook-key&pageSize=1').expect(200);
    expect(log.items[0]).toMatchObject({
      name: `leaked/${last.id}`,
      action: 'create',
      reason: 'it leaked',
      actor: 'admin',
    });
    await rotate('leaked', { keepHours: 169 }).expect(422);
    await rotate('leaked', { keep: 1 }).expect(422);
  });
});

describe('GraphQL', () => {
  it('makes, shows, changes and deletes a webhook as REST does', async () => {
    const fields = 'name url enabled signature everywhere environments { name } etag';
    const create = `mutation ($input: WebhookInput!) { createWebhook(input: $input) { ${fields} secret publicKey keys { id } } }`;
    const input = { name: 'graph', url: receiver.url, environments: ['prod', 'dev'], displayName: 'Graph' };
    const { createWebhook } = await dataOf(sluice, create, { input });
    expect(createWebhook).toMatchObject({
      everywhere: false,
      enabled: true,
      environments: [{ name: 'dev' }, { name: 'prod' }],
    });
    verifyWebhook(createWebhook.secret, await nextMessage('graph'), clock.now());
    const read = `{ webhook(name: "graph") { ${fields} secret keys { id secret publicKey } deliveries(state: delivered) { nodes {
      id webhook type state attempts { number status } } } } }`;
    const { webhook } = await dataOf(sluice, read);
    expect(webhook).toMatchObject({
      etag: createWebhook.etag,
      secret: null,
      keys: [{ secret: null, publicKey: null }],
    });
    const [node] = webhook.deliveries.nodes;
    expect(node).toMatchObject({ webhook: 'graph', type: 'webhook.test', attempts: [{ number: 1, status: 204 }] });
    const one = `{ webhookDelivery(webhook: "graph", id: "${node.id}") { body state } }`;
    expect((await dataOf(sluice, one)).webhookDelivery.state).toBe('delivered');
    const replay = `mutation { replayWebhookDelivery(webhook: "graph", id: "${node.id}") { id state } }`;
    expect((await dataOf(sluice, replay)).replayWebhookDelivery).toEqual({ id: node.id, state: 'pending' });
    await deliveryOnce(sluice, 'graph', node.id, ({ attempts }) => attempts.length === 2);
    const update =
      'mutation { updateWebhook(name: "graph", patch: { environments: null, enabled: false }, ifMatch: "*") { everywhere } }';
    expect((await dataOf(sluice, update)).updateWebhook).toEqual({ everywhere: true });
    const { errors } = await ask(sluice, 'mutation { testWebhook(name: "graph") { id } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid', errors: [{ code: 'webhook-disabled' }] });
    expect(await dataOf(sluice, 'mutation { deleteWebhook(name: "graph", ifMatch: "*") }')).toEqual({
      deleteWebhook: true,
    });
  });
});

describe('what is stored', () => {
  const count = async (table: string): Promise<number> =>
    Number((await sluice.database.pool.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);
  const counts = () =>
    Promise.all(['webhook', 'webhook_key', 'webhook_delivery', 'webhook_attempt', 'change'].map(count));

  it('by a dry run is nothing, and it shows no secret and sends nothing', async () => {
    await make('dry');
    const { id } = await sendTest(sluice, 'dry');
    const standing = await deliveryOnce(sluice, 'dry', id, ({ state }) => state === 'delivered');
    const [before, sent] = [await counts(), receiver.received.length];
    const post = (path: string, body: object = {}) => sluice.request.post(`/v1/webhooks${path}?dryRun=true`).send(body);
    const created = await post('', { name: 'drier', url: receiver.url }).expect(201);
    expect(created.body).not.toHaveProperty('secret');
    expect((await post('/dry/keys').expect(201)).body).not.toHaveProperty('secret');
    expect((await post('/dry/test').expect(202)).body).toMatchObject({ state: 'pending' });
    expect((await post(`/dry/deliveries/${id}/replay`).expect(202)).body).toMatchObject({ state: 'pending' });
    await sluice.request.post('/v1/environments/prod/bundles?dryRun=true').send({}).expect(201);
    expect(await counts()).toEqual(before);
    expect((await sluice.request.get(`/v1/webhooks/dry/deliveries/${id}`).expect(200)).body).toEqual(standing);
    await nextMessage('dry'); // whatever a dry run had sent would be there before it
    expect(receiver.received.length).toBe(sent + 1);
  });

  it('a replay of an Idempotency-Key is made once, and without the secret', async () => {
    const post = (path: string, body?: object) =>
      sluice.request.post(`/v1/webhooks${path}`).set('idempotency-key', `once${path}`).send(body);
    const body = { name: 'once', url: receiver.url };
    const { secret, ...first } = (await post('', body).expect(201)).body;
    expect(secret).toBeDefined();
    expect((await post('', body).expect(201)).body).toEqual(first);
    const { secret: rotated, ...key } = (await post('/once/keys', {}).expect(201)).body;
    expect(rotated).toBeDefined();
    expect((await post('/once/keys', {}).expect(201)).body).toEqual(key);
    const { id } = (await post('/once/test').expect(202)).body;
    expect((await post('/once/test').expect(202)).body.id).toBe(id);
    expect((await sluice.request.get('/v1/webhooks/once/deliveries').expect(200)).body.items).toHaveLength(1);
  });

  it('has no secret anywhere, and what may be one of the address is not in the log', async () => {
    const { secret } = await make('secretive', { url: `${receiver.url}/geheim` });
    const post = sluice.request.post('/v1/webhooks/secretive/keys').set('idempotency-key', 'secretive');
    const { secret: second } = (await post.send({}).expect(201)).body;
    await nextMessage('secretive');
    const put = sluice.request.put('/v1/webhooks/secretive').set('if-match', '*');
    await put.send({ url: `${receiver.url}/geheimer` }).expect(200);
    const paths = ['', '/secretive', '/secretive/keys', '/secretive/deliveries'].map((path) => `/v1/webhooks${path}`);
    const texts = await Promise.all(
      [...paths, '/v1/changes?pageSize=500', '/metrics'].map(
        async (path) => (await sluice.request.get(path).expect(200)).text,
      ),
    );
    const query =
      '{ webhooks { nodes { url secret keys { id secret } deliveries { nodes { body } } } } changes { nodes { before after } } }';
    const said = [...texts, JSON.stringify(await dataOf(sluice, query))].join('\n');
    const tables = ['webhook', 'webhook_key', 'webhook_delivery', 'webhook_attempt', 'change', 'idempotency_key'];
    const rows = await Promise.all(
      tables.map(async (table) =>
        JSON.stringify((await sluice.database.pool.query(`SELECT t::text FROM ${table} t`)).rows),
      ),
    );
    for (const each of [secret, second]) {
      const bytes = Buffer.from(each.slice('whsec_'.length), 'base64');
      for (const form of [each, bytes.toString('base64'), bytes.toString('hex')]) {
        expect(said).not.toContain(form);
        expect(rows.join('\n')).not.toContain(form);
      }
    }
    const log = texts[4]!;
    expect(log).not.toContain('geheim');
    const { body } = await sluice.request.get('/v1/changes?resource=webhook&name=secretive').expect(200);
    const [{ before, after }] = body.items;
    expect(before.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\.\.\. \([0-9a-f]{12}\)$/);
    expect(after.url).not.toBe(before.url);
  });
});

describe('a secret that is sealed', () => {
  it('opens where it was sealed, with the key that sealed it, and nowhere else', () => {
    const [one, two] = [new SecretBox([sealing]), new SecretBox([randomBytes(32), sealing])];
    const secret = randomBytes(32);
    const kept = one.seal(secret, 'here');
    expect(Buffer.from(kept.secret).includes(secret)).toBe(false);
    expect(Buffer.from(two.open(kept, 'here'))).toEqual(secret);
    expect(() => one.open(kept, 'there')).toThrow();
    expect(() => one.open({ ...kept, secret: Buffer.from(kept.secret).fill(0, 20, 21) }, 'here')).toThrow();
    expect(() => new SecretBox([]).open(kept, 'here')).toThrow(/there is no key/);
    const plain = new SecretBox([]).seal(secret, 'here');
    expect(one.open(plain, 'anywhere')).toEqual(secret);
  });

  it('is left to processes that have the key', async () => {
    const { secret } = await make('shared');
    const other = await startTestApp({
      databaseUrl: sluice.databaseUrl,
      token: sluice.token,
      webhooks: { allow: ['127.0.0.0/8'], now: clock.now },
    });
    try {
      // the one without the key is asked, so its process would be the first to know
      for (let n = 0; n < 5; n++) {
        const count = receiver.received.length;
        const { id } = await sendTest(other, 'shared');
        await deliveryOnce(other, 'shared', id, ({ state }) => state === 'delivered');
        expect(receiver.received.length).toBe(count + 1);
        verifyWebhook(secret, receiver.received.at(-1)!, clock.now());
      }
      expect(other.failures).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
