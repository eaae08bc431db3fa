import { readFileSync } from 'node:fs';
import { buildSchema, getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { documentSize } from '../../src/platform/graphql/document-size.js';
import * as limits from '../../src/platform/graphql/limits.js';
import { objectCount } from '../../src/platform/graphql/object-count.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { ask } from './ask.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await ask(sluice, '{ __typename }'); // the token is known now
});
afterAll(() => sluice.close());

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

/** `team { applications { team { ...`, so many fields within each other. */
function nested(depth: number): string {
  const fields = [
    'team(name: "demo")',
    ...Array.from({ length: depth - 2 }, (_, n) => (n % 2 ? 'team' : 'applications')),
  ];
  return `{ ${fields.join(' { ')} { name ${'}'.repeat(depth)}`;
}

/** Each limit: the largest document that it lets pass, and the smallest that it does not. */
const LIMITS: readonly [code: string, within: string, beyond: string][] = [
  ['too-deep', nested(limits.DEPTH_MAX), nested(limits.DEPTH_MAX + 1)],
  [
    'too-many-aliases',
    `{ ${times(limits.ALIASES_MAX, (n) => `a${n}: __typename`)} }`,
    `{ ${times(limits.ALIASES_MAX + 1, (n) => `a${n}: __typename`)} }`,
  ],
  [
    'too-many-aliases',
    `{ ...F } fragment F on Query { ${times(limits.ALIASES_MAX / 3, (n) => `a${n}: __typename ...G`).replaceAll(' ...G', '')} }`,
    `{ a: team(name: "a") { ...F } b: team(name: "b") { ...F } c: team(name: "c") { ...F } }
     fragment F on Team { ${times(limits.ALIASES_MAX / 3, (n) => `a${n}: name`)} }`,
  ],
  [
    'too-many-selections',
    `{ ...F0 } ${times(8, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F8 on Query { __typename }`,
    `{ ...F0 } ${times(9, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F9 on Query { __typename }`,
  ],
  [
    'too-many-directives',
    `{ ${times(limits.DIRECTIVES_MAX, (n) => `... @skip(if: false) { a${n}: __typename }`)} }`,
    `{ ${times(limits.DIRECTIVES_MAX + 1, (n) => `... @skip(if: false) { a${n}: __typename }`)} }`,
  ],
  [
    'too-many-repeats',
    `{ ${times(limits.REPEATS_MAX, () => '__typename')} }`,
    `{ ${times(limits.REPEATS_MAX, () => '__typename')} ... { __typename } }`,
  ],
  [
    'too-complex',
    '{ teams { nodes { applications { tiers { inbound { source { ... on Tier { name } ... on Peer { name } } } } } } } }',
    '{ teams(first: 500) { nodes { applications { tiers { inbound { source { ... on Tier { inbound { name } } } } } } } } }',
  ],
  [
    'too-complex',
    'query ($n: Int = 100) { environments(first: $n) { nodes { preview { digest } } } }',
    '{ environments(first: 500) { nodes { preview { digest } overview } } }',
  ],
];

/** The statements that reach PostgreSQL, but for the beat of the channel, which comes when it comes: nothing is executed while there is none. */
async function statementsOf(work: () => Promise<void>): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.filter(([text]) => text !== 'SELECT').length;
  } finally {
    query.mockRestore();
  }
}

describe('a document that asks for too much is refused before it is executed', () => {
  it.each(LIMITS)('%s', async (code, within, beyond) => {
    for (const _ of ['parsed', 'from memory', 'compiled'])
      for (const error of (await ask(sluice, within)).errors ?? []) expect(error.extensions.code).toBe('not-found');
    const statements = await statementsOf(async () => {
      for (const _ of ['parsed', 'from memory', 'compiled']) {
        const { data, errors } = await ask(sluice, beyond);
        expect(data).toBeUndefined();
        expect(errors).toMatchObject([{ extensions: { code: 'malformed', errors: [{ pointer: '#/query', code }] } }]);
      }
    });
    expect(statements).toBe(0);
  });

  it('by its variables', async () => {
    const query =
      'query ($n: Int = 1) { teams(first: $n) { nodes { applications { tiers { inbound { source { ... on Tier { inbound { name } } } } } } } } }';
    expect((await ask(sluice, query)).errors).toBeUndefined();
    expect((await ask(sluice, query, { n: 500 })).errors).toMatchObject([
      { extensions: { errors: [{ code: 'too-complex' }] } },
    ]);
    expect((await ask(sluice, query, { n: 2 })).errors).toBeUndefined();
  });

  it('by its tokens and its characters', async () => {
    const wide = `{ ${times(limits.TOKENS_MAX, () => 'a')} }`;
    expect((await ask(sluice, wide)).errors).toMatchObject([
      { message: expect.stringContaining(`more that ${limits.TOKENS_MAX} tokens`), extensions: { code: 'malformed' } },
    ]);
    const long = `{ __typename } # ${'x'.repeat(limits.CHARACTERS_MAX)}`;
    expect(await ask(sluice, long)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'malformed', errors: [{ pointer: '#/query', code: 'too-big' }] } }],
    });
  });

  it('batches are off', async () => {
    const { body } = await sluice.request
      .post('/graphql')
      .send([{ query: '{ __typename }' }])
      .expect(400);
    expect(body.errors).toMatchObject([
      { message: expect.stringContaining('batches'), extensions: { code: 'malformed' } },
    ]);
  });

  it('several limits are named at once', async () => {
    const query = nested(20).replace('{ name ', `{ ${times(31, (n) => `a${n}: name`)} `);
    const { errors } = await ask(sluice, query);
    expect(errors![0]!.extensions.errors.map(({ code }: any) => code)).toEqual(['too-deep', 'too-many-aliases']);
  });

  it('introspection as GraphiQL asks for it passes', async () => {
    const options = {
      schemaDescription: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      oneOf: true,
    };
    const { data, errors } = await ask(sluice, getIntrospectionQuery(options));
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(50);
  });

  it('introspection that goes round in circles does not', async () => {
    const query =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await ask(sluice, query)).errors).toMatchObject([{ extensions: { code: 'malformed' } }]);
  });
});

describe('hostile documents cost little', () => {
  const spreads = (count: number) => times(count, (n) => `fragment F${n} on Team { name ...F${n + 1} ...F${n + 1} }`);
  it.each([
    [
      'fragments that double, and hold nothing',
      `{ ...F0 } ${times(300, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F300 on Query { __typename }`,
    ],
    [
      'fragments that double within introspection',
      `{ __schema { ...F0 } } ${times(300, (n) => `fragment F${n} on __Schema { ...F${n + 1} ...F${n + 1} }`)} fragment F300 on __Schema { description }`,
    ],
    ['fragments that double', `{ team(name: "a") { ...F0 } } ${spreads(300)} fragment F300 on Team { name }`],
    [
      'fragments that double within fields',
      `{ team(name: "a") { ...F0 } } ${times(100, (n) => `fragment F${n} on Team { applications { team { ...F${n + 1} ...F${n + 1} } } }`)} fragment F100 on Team { name }`,
    ],
    [
      'fragments that go round in circles',
      '{ team(name: "a") { ...A } } fragment A on Team { name ...B } fragment B on Team { name ...A }',
    ],
    ['the same field again and again', `{ ${times(2000, () => 'a')} }`],
    ['the same field in many fragments', `{ ${times(700, () => '... { a }')} }`],
    ['selections within selections', `${'{ a '.repeat(1600)}${'}'.repeat(1600)}`],
    ['inline fragments within each other', `{ ${'... { a '.repeat(900)}${'}'.repeat(900)} }`],
    ['lists within lists', `{ team(name: ${'['.repeat(2000)}${']'.repeat(2000)}) { name } }`],
  ])('%s', async (_, query) => {
    const began = performance.now();
    const { data, errors } = await ask(sluice, query);
    expect(data).toBeUndefined();
    expect(errors![0]!.extensions.code).toBe('malformed');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect((await ask(sluice, '{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

describe('what is counted', () => {
  const schema = buildSchema(readFileSync('openapi/schema.graphql', 'utf8'));

  it.each([
    ['{ __typename }', { depth: 1, aliases: 0, selections: 1, directives: 0, repeats: 1 }],
    ['{ a: teams { nodes { b: name } } }', { depth: 3, aliases: 2, selections: 3, directives: 0, repeats: 1 }],
    [
      '{ ...F ...F } fragment F on Query { a: teams { nodes { name } } }',
      { depth: 3, aliases: 2, selections: 8, directives: 0, repeats: 1 },
    ],
    ['query @x { a @y a ... @z { a } }', { depth: 1, aliases: 0, selections: 4, directives: 3, repeats: 3 }],
    [
      '{ __schema { types { fields { type { name } } } } }',
      { depth: 1, aliases: 0, selections: 5, directives: 0, repeats: 1 },
    ],
  ])('%s', (query, size) => {
    expect(documentSize(parse(query))).toEqual(size);
  });

  it.each([
    ['{ team(name: "a") { name labels } }', {}, 1],
    ['{ team(name: "a") { applications { name } } }', {}, 1 + limits.LIST_LENGTH],
    ['{ teams(first: 7) { nodes { name } } }', {}, 1 + 7],
    ['{ teams(first: 7) { edges { node { name } } pageInfo { endCursor } } }', {}, 1 + 7 * 2 + 1],
    ['query ($n: Int) { teams(first: $n) { nodes { name } } }', { n: 3 }, 1 + 3],
    ['{ teams { nodes { name } } }', {}, 1 + 100],
    [
      '{ teams(first: 2) { nodes { ...T } } } fragment T on Team { applications { team { name } } }',
      {},
      1 + 2 * (1 + limits.LIST_LENGTH * 2),
    ],
    ['{ __schema { types { name } } }', {}, 0],
  ])('%s with %j leads to %d objects', (query, variables, objects) => {
    const document = parse(query);
    expect(objectCount(schema, document, getOperationAST(document)!, variables)).toBe(objects);
  });
});
