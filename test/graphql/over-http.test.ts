import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

// GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: any;
}

/** Not by supertest, which adds headers of its own. */
async function send(method: string, path: string, headers: Record<string, string>, payload?: string): Promise<Answer> {
  const authorization = `Bearer ${sluice.token}`;
  const body = payload === undefined ? null : Buffer.from(payload);
  const answer = await fetch(sluice.url + path, { method, headers: { authorization, ...headers }, body });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const post = (body: unknown, accept?: string, type = JSON_TYPE) =>
  send('POST', '/graphql', { 'content-type': type, ...(accept === undefined ? {} : { accept }) }, JSON.stringify(body));

const get = (parameters: Record<string, string>, accept?: string) =>
  send('GET', `/graphql?${new URLSearchParams(parameters)}`, accept === undefined ? {} : { accept });

describe('media types', () => {
  it.each([
    [GRAPHQL_TYPE, GRAPHQL_TYPE],
    [JSON_TYPE, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [`${JSON_TYPE};q=0.5, ${GRAPHQL_TYPE}`, GRAPHQL_TYPE],
  ])('Accept: %s is answered with %s', async (accept, type) => {
    const answer = await post({ query: '{ __typename }' }, accept);
    expect(answer).toMatchObject({
      status: 200,
      type: `${type}; charset=utf-8`,
      body: { data: { __typename: 'Query' } },
    });
    expect(answer.headers.get('vary')).toContain('Accept');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('without Accept it is application/json', async () => {
    expect(await get({ query: '{ __typename }' })).toMatchObject({ status: 200, type: `${JSON_TYPE}; charset=utf-8` });
  });

  it('what cannot be had is a 406', async () => {
    expect(await post({ query: '{ __typename }' }, 'text/html')).toMatchObject({
      status: 406,
      body: { code: 'not-acceptable' },
    });
  });

  it('a body says UTF-8, or nothing', async () => {
    const query = 'query ($reason: String = "größer – ✓") { __typename }'.replace(
      ' ($reason: String = "größer – ✓")',
      '',
    );
    expect(await post({ query }, undefined, `${JSON_TYPE}; charset=utf-8`)).toMatchObject({ status: 200 });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/graphql',
    'application/merge-patch+json',
  ])('no page of another site can send a body as %s', async (type) => {
    expect((await post({ query: '{ __typename }' }, undefined, type)).status).toBe(415);
  });

  it('a POST without a type or a body is refused', async () => {
    expect((await send('POST', '/graphql', {})).status).toBe(415);
    expect(await send('POST', '/graphql', { 'content-type': JSON_TYPE })).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'malformed', errors: [{ pointer: '#/query', code: 'required' }] } }] },
    });
    expect((await send('POST', '/graphql', { 'content-type': JSON_TYPE }, '{ "not a JSON')).status).toBe(400);
  });
});

describe('parameters', () => {
  const wrong = [{ obj: 'ect' }, 0, false, ['array']];
  it.each([
    ...wrong.map((value) => ['query', value] as const),
    ...wrong.map((value) => ['operationName', value] as const),
    ...['string', 0, false, ['array']].map((value) => ['variables', value] as const),
    ...['string', 0, false, ['array']].map((value) => ['extensions', value] as const),
  ])('%s may not be %j', async (name, value) => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
      const answer = await post({ query: '{ __typename }', [name]: value }, accept);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toHaveProperty('data');
      expect(answer.body.errors[0].extensions).toMatchObject({ code: 'malformed', errors: [{ pointer: `#/${name}` }] });
    }
  });

  it.each([
    { query: '{ __typename }', variables: null, operationName: null, extensions: null },
    { query: '{ __typename }', variables: {}, extensions: { some: 'value' } },
    { query: 'query Query { __typename }', operationName: 'Query' },
    { query: 'query ($name: String!) { team(name: $name) { name } }', variables: { name: 'demo' } },
  ])('%j is fine', async (body) => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE])
      expect(await post(body, accept)).toMatchObject({ status: 200, body: { data: expect.anything() } });
  });

  it('a GET has them in its query string', async () => {
    const query = 'query Other { __typename } query Team($name: String!) { team(name: $name) { name } }';
    const variables = JSON.stringify({ name: 'demo' });
    const answer = await get({ query, variables, operationName: 'Team', extensions: '{}' });
    expect(answer).toMatchObject({ status: 200, body: { data: { team: { name: 'demo' } } } });
    expect((await get({ query, variables: '{' })).status).toBe(400);
    expect((await get({})).status).toBe(400);
  });
});

describe('status', () => {
  it.each([
    ['a syntax error', { query: '{' }],
    ['an unknown field', { query: '{ colour }' }],
    ['an unknown operation', { query: 'query A { __typename }', operationName: 'B' }],
    [
      'a variable that does not fit',
      { query: 'query ($first: Int!) { teams(first: $first) { nodes { name } } }', variables: { first: null } },
    ],
    ['a document beyond the limits', { query: `{ ${'a: __typename '.repeat(11)} }` }],
  ])('%s is a 400, or a 200 with errors for those who take application/json only', async (_, body) => {
    const strict = await post(body, GRAPHQL_TYPE);
    const legacy = await post(body, JSON_TYPE);
    expect([strict.status, legacy.status]).toEqual([400, 200]);
    for (const answer of [strict, legacy]) {
      expect(answer.body).not.toHaveProperty('data');
      expect(answer.body.errors[0].extensions).toMatchObject({
        code: 'malformed',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    }
  });

  it('an input that a use case refuses is a 422', async () => {
    const query = 'mutation ($input: TeamInput!) { createTeam(input: $input) { name } }';
    expect(await post({ query, variables: { input: { name: 7 } } }, GRAPHQL_TYPE)).toMatchObject({ status: 422 });
  });

  it('what goes wrong in a field is a 200', async () => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
      const answer = await post({ query: '{ team(name: "nobody") { name } }' }, accept);
      expect(answer).toMatchObject({
        status: 200,
        body: { data: { team: null }, errors: [{ extensions: { code: 'not-found' } }] },
      });
    }
  });

  it('nobody is a 401', async () => {
    const answer = await sluice.as(undefined).post('/graphql').send({ query: '{ __typename }' }).expect(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(answer.body.code).toBe('unauthenticated');
  });

  it('GET is for queries', async () => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
      const answer = await get({ query: 'mutation { createTeam(input: { name: "by-get" }) { name } }' }, accept);
      expect(answer).toMatchObject({ status: 405, body: { errors: [{ extensions: { code: 'method-not-allowed' } }] } });
      expect(answer.headers.get('allow')).toBe('POST');
    }
    expect((await post({ query: '{ team(name: "by-get") { name } }' })).body.errors[0].extensions.code).toBe(
      'not-found',
    );
  });

  it('not even where a mutation of the same document was compiled before', async () => {
    const query =
      'query Read { __typename } mutation Write { createTeam(input: { name: "smuggled" }, dryRun: true) { name } }';
    for (let n = 0; n < 3; n++)
      expect((await post({ query, operationName: 'Write' })).body.data).toEqual({ createTeam: { name: 'smuggled' } });
    for (let n = 0; n < 3; n++)
      expect((await get({ query, operationName: 'Read' })).body).toEqual({ data: { __typename: 'Query' } });
  });

  it('other methods are not allowed', async () => {
    const { body, headers } = await sluice.request.put('/graphql').send({}).expect(405);
    expect(body.code).toBe('method-not-allowed');
    expect(headers['allow']).toBe('GET, POST');
  });
});

describe('what is wrong inside stays inside', () => {
  it('an unknown error is masked, and found in the log by its trace id', async () => {
    const { prisma } = sluice.database;
    const team = prisma.team.findMany;
    Object.defineProperty(prisma.team, 'findMany', {
      value: () => Promise.reject(new Error('secret: 10.0.0.1')),
      configurable: true,
    });
    try {
      const { body } = await post({ query: '{ teams { nodes { name } } }' });
      expect(body.errors[0]).toMatchObject({ path: ['teams'], extensions: { code: 'internal', errors: [] } });
      expect(JSON.stringify(body)).not.toContain('secret');
      const failures = sluice.failures as string[];
      expect(failures.splice(0)).toEqual([expect.stringContaining(body.errors[0].extensions.traceId)]);
    } finally {
      Object.defineProperty(prisma.team, 'findMany', { value: team, configurable: true });
    }
  });
});
