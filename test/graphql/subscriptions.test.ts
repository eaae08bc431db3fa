import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Arrivals } from '../../src/store/arrivals.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { openStream, type ReadStream } from '../support/event-stream.js';
import { loadShop } from '../support/shop.js';
import { ask } from './ask.js';

// GraphQL over SSE, distinct connections: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md

const PUBLISHED = 'subscription ($in: String!) { bundlePublished(environment: $in) { version digest message } }';

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

const following = (of = sluice) => of.app.get(Arrivals).counts.subscription;

interface How {
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  readonly of?: TestApp;
  readonly variables?: object;
  readonly accept?: string;
}

const STREAM = 'text/event-stream';

async function stream(query: string, how: How = {}) {
  const { method = 'POST', token = sluice.token, of = sluice, variables = { in: 'dev' }, accept = STREAM } = how;
  const headers = { authorization: `Bearer ${token}`, accept };
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const opened =
    method === 'GET'
      ? await openStream(`${of.url}/graphql?${parameters}`, { headers })
      : await openStream(`${of.url}/graphql`, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
  open.push(opened);
  return opened;
}

/** Makes the next version; gives its number. */
async function publish(body: object = {}): Promise<number> {
  const name = `tier-${newest}`;
  const tier = { name, podSelector: { matchLabels: { app: name } } };
  await sluice.request.post('/v1/applications/shop/tiers').send(tier).expect(201);
  return (newest = (await sluice.request.post('/v1/environments/dev/bundles').send(body).expect(201)).body.version);
}

describe('a subscription', () => {
  it.each(['GET', 'POST'] as const)('by %s has a result for each version that is published', async (method) => {
    const subscribed = await stream(PUBLISHED, { method });
    expect([subscribed.status, subscribed.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await expect.poll(() => following()).toBe(1);
    for (const message of ['first', 'second']) {
      const version = await publish({ message });
      const { body } = await sluice.request.get(`/v1/environments/dev/bundles/${version}`).expect(200);
      const bundlePublished = { version, digest: body.digest, message };
      expect(await subscribed.next()).toEqual({ event: 'next', data: { data: { bundlePublished } } });
    }
  });

  it('walks on from each version, and remembers nothing from one to the next', async () => {
    const query = `subscription { now: bundlePublished(environment: "dev") {
      version environment { name latestBundle { version } } objects { name } } }`;
    const subscribed = await stream(query);
    await expect.poll(() => following()).toBe(1);
    for (let n = 0; n < 3; n++) {
      const version = await publish();
      const { now } = (await subscribed.next())?.data.data;
      expect(now).toMatchObject({ version, environment: { name: 'dev', latestBundle: { version } } });
      expect(now.objects.map(({ name }: any) => name)).toContain(`allow-tier-${version - 1}-egress`);
    }
  });

  it('is let go when the client goes away', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => stream(PUBLISHED)));
    await expect.poll(() => following()).toBe(5);
    for (const one of streams) one.close();
    await expect.poll(() => following()).toBe(0);
  });

  it('breaks off, without complete, when its token is revoked, and when the process ends', async () => {
    const fields = { name: 'gone', scopes: ['read'] };
    const { token, id } = (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;
    const revoked = await stream(PUBLISHED, { token });
    await expect.poll(() => following()).toBe(1);
    await sluice.request.delete(`/v1/tokens/${id}`).expect(204);
    expect(await revoked.next()).toBeUndefined();

    const other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
    const closing = await stream(PUBLISHED, { of: other });
    await expect.poll(() => following(other)).toBe(1);
    const closed = other.close();
    expect(await closing.next()).toBeUndefined();
    await closed;
  });

  it('is a stream wherever that is named among what is accepted', async () => {
    const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
    const subscribed = await stream(PUBLISHED, { accept });
    await expect.poll(() => following()).toBe(1);
    const version = await publish();
    expect((await subscribed.next())?.data.data.bundlePublished.version).toBe(version);
    const asked = await ask(sluice, '{ __typename }', {}, { accept });
    expect(asked.data).toEqual({ __typename: 'Query' });
  });

  it('is only to be had as a stream', async () => {
    const { data, errors } = await ask(sluice, PUBLISHED, { in: 'dev' });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: 'a subscription is a stream: send Accept: text/event-stream', extensions: { code: 'not-acceptable' } },
    ]);
  });
});

describe('what is refused', () => {
  const refusal = async (query: string, how: How = {}) => {
    const { status, take } = await stream(query, how);
    const [first, second, ...more] = await take(9);
    expect([status, first?.event, second, more]).toEqual([200, 'next', { event: 'complete', data: '' }, []]);
    expect(first?.data).not.toHaveProperty('data');
    const [error] = first?.data.errors;
    expect(error.extensions.traceId).toMatch(/^[0-9a-f]{32}$/);
    return `${error.extensions.code}: ${error.message}`;
  };

  it('is told in the stream, as the protocol wants it: by the codes of queries', async () => {
    expect(await refusal('subscription { nothing }')).toBe(
      'malformed: Cannot query field "nothing" on type "Subscription".',
    );
    expect(await refusal('subscription {')).toContain('malformed: Syntax Error');
    expect(await refusal(PUBLISHED, { variables: { in: 'nowhere' } })).toBe(
      'not-found: environment "nowhere" does not exist',
    );
    expect(await refusal(PUBLISHED, { variables: { in: 7 } })).toContain('malformed');
    expect(await refusal(PUBLISHED, { variables: {} })).toContain('malformed');
    expect(
      await refusal(
        'subscription { a: bundlePublished(environment: "dev") { version } b: bundlePublished(environment: "dev") { version } }',
      ),
    ).toContain('malformed: Anonymous Subscription must select only one top level field');
  });

  it('is what is too much, before anything is executed', async () => {
    const wide = `subscription { bundlePublished(environment: "dev") { ${Array.from({ length: 31 }, (_, n) => `a${n}: version`).join(' ')} } }`;
    expect(await refusal(wide)).toContain('malformed: the document has 31 aliases');
    const bundles = 'environment { bundles(first: 500) { nodes {';
    const many = `subscription { bundlePublished(environment: "dev") { ${bundles} ${bundles} version ${'}'.repeat(8)}`;
    expect(await refusal(many)).toContain('objects, at a guess');
    expect(following()).toBe(0);
  });

  it('is a token that may not, and before the stream one that is none', async () => {
    const fields = { name: 'elsewhere', scopes: ['read'], environment: 'prod' };
    const { token } = (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body;
    expect(await refusal(PUBLISHED, { token })).toContain('forbidden: this token is bound to environment "prod"');
    const nobody = await stream(PUBLISHED, { token: 'slc_nothing' });
    expect([nobody.status, nobody.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining('application/problem+json'),
    ]);
    const unreadable = await stream(7 as never);
    expect([unreadable.status, unreadable.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('application/json'),
    ]);
  });
});

describe('a query that asks for a stream', () => {
  it('has its result in one event, and an end', async () => {
    const query = '{ team(name: "demo") { name } }';
    for (const method of ['GET', 'POST'] as const) {
      const { take } = await stream(query, { method, variables: {} });
      expect(await take(9)).toEqual([
        { event: 'next', data: { data: { team: { name: 'demo' } } } },
        { event: 'complete', data: '' },
      ]);
    }
  });

  it('does not write by GET', async () => {
    const query = 'mutation { createTeam(input: { name: "by-get" }) { name } }';
    const { take } = await stream(query, { method: 'GET', variables: {} });
    const [first] = await take(9);
    expect(first?.data.errors[0].extensions.code).toBe('method-not-allowed');
    await sluice.request.get('/v1/teams/by-get').expect(404);
  });
});
