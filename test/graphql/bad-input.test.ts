import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { ask } from './ask.js';

const FOLDER = 'test/cases/bad-input';

/** A write by GraphQL: which mutation, and its arguments with their types. */
interface Mutation {
  readonly name: string;
  readonly args: Readonly<Record<string, readonly [type: string, value: unknown]>>;
}

interface Case {
  readonly situation: string;
  readonly request: { readonly method: string; readonly path: string; readonly headers?: Record<string, string> };
  readonly body: unknown;
  readonly mutation: Mutation;
}

const KINDS: Readonly<Record<string, string>> = {
  teams: 'Team',
  applications: 'Application',
  tiers: 'Tier',
  peers: 'Peer',
  environments: 'Environment',
  flows: 'Flow',
  tokens: 'Token',
};

/** The mutation that says what a request of REST says, if there is one: objects of the model are replaced by REST alone. */
function mutationOf({ method, path, headers }: Case['request'], body: unknown): Mutation | undefined {
  const [collection = '', name, inner, innerName] = path.split('/').slice(2);
  const ifMatch = ['String!', '*'] as const;
  if (inner === 'placements') {
    const key = { environment: name, application: innerName };
    const input = ['PlacementInput!', { ...key, ...(body as object) }] as const;
    const absent = Object.keys(headers ?? {}).some((header) => /^if-none-match$/i.test(header));
    return { name: 'setPlacement', args: absent ? { input, ifAbsent: ['Boolean', true] } : { input, ifMatch } };
  }
  if (inner === 'deployments')
    return {
      name: 'reportDeployment',
      args: { environment: ['String!', name], input: ['DeploymentReportInput!', body] },
    };
  const kind = KINDS[inner ?? collection];
  if (kind === undefined) return undefined;
  const outer = inner === undefined ? {} : { application: name };
  if (method === 'POST') {
    const input = Array.isArray(body) ? body : { ...outer, ...(shownPorts(kind, body) as object) };
    return { name: `create${kind}`, args: { input: [`${kind}Input!`, input] } };
  }
  if (method !== 'PATCH') return undefined;
  const key = inner === undefined ? { name } : { ...outer, name: innerName };
  const names = Object.entries(key).map(([field, value]) => [field, ['String!', value] as const]);
  return { name: `update${kind}`, args: { ...Object.fromEntries(names), patch: [`${kind}Patch!`, body], ifMatch } };
}

/** Ports as GraphQL writes them. */
function shownPorts(kind: string, body: any): unknown {
  if (kind !== 'Flow' || !Array.isArray(body.ports)) return body;
  return { ...body, ports: body.ports.map((port: unknown) => (typeof port === 'string' ? { name: port } : port)) };
}

/** Bodies that are JSON, and are refused for what they say: a mutation cannot come without one. */
function casesOf(file: string): Case[] {
  const { request, status } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  if (status !== 422 || request.type !== undefined || request.text === '') return [];
  const body = request.text === undefined ? request.body : JSON.parse(request.text);
  if (typeof body !== 'object' || body === null) return [];
  const mutation = mutationOf(request, body);
  return mutation === undefined ? [] : [{ situation: file.replace(/\.json$/, ''), request, body, mutation }];
}

const CASES = readdirSync(FOLDER).sort().flatMap(casesOf);

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  const post = (path: string, body: object) => sluice.request.post(`/v1/${path}`).send(body).expect(201);
  await post('peers', { name: 'internet', kind: 'internet' });
  await post('applications', { name: 'blog', team: 'demo' });
  await post('applications/blog/tiers', {
    name: 'web',
    podSelector: { matchLabels: { app: 'frontend', part: 'blog' } },
  });
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

async function byRest({ request, body }: Case): Promise<any> {
  const { method, path, headers } = request;
  const named = { authorization: `Bearer ${sluice.token}`, 'content-type': 'application/json', ...headers };
  return (await fetch(sluice.url + path, { method, headers: named, body: JSON.stringify(body) })).json();
}

async function byGraphQL({ name, args }: Mutation): Promise<any> {
  const defined = Object.entries(args).map(([arg, [type]]) => `$${arg}: ${type}`);
  const passed = Object.keys(args).map((arg) => `${arg}: $${arg}`);
  const variables = Object.fromEntries(Object.entries(args).map(([arg, [, value]]) => [arg, value]));
  const { data, errors } = await ask(
    sluice,
    `mutation (${defined.join()}) { ${name}(${passed.join()}) { __typename } }`,
    variables,
  );
  expect(data?.[name] ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  return errors![0];
}

/** A port of a flow by its name stands one step deeper, in an object. */
function shownProblem(body: any): (problem: any) => any {
  return (problem) => {
    const [, at] = /^#\/ports\/(\d+)$/.exec(problem.pointer) ?? [];
    return at !== undefined && typeof body.ports[at] === 'string'
      ? { ...problem, pointer: `${problem.pointer}/name` }
      : problem;
  };
}

/** Without the time at which it was said. */
function timeless<T>(said: T): T {
  return JSON.parse(JSON.stringify(said).replace(/it is [-0-9:T.]+Z now/, 'it is now'));
}

async function revision(): Promise<unknown> {
  return (await sluice.database.pool.query('SELECT revision FROM model_state')).rows[0].revision;
}

describe('GraphQL refuses what REST refuses, with the same code and the same problems, and stores nothing', () => {
  it.each(CASES)('$situation', async (one) => {
    const before = await revision();
    const rest = await byRest(one);
    const graphql = await byGraphQL(one.mutation);
    expect(graphql.extensions.code).toBe(rest.code);
    expect(timeless(graphql.message)).toBe(timeless(rest.detail));
    // a value may have a default in it that GraphQL has filled in
    expect(timeless(graphql.extensions.errors)).toMatchObject(timeless(rest.errors.map(shownProblem(one.body))));
    expect(graphql.path).toEqual([one.mutation.name]);
    expect(await revision()).toBe(before);
  });

  it('are not few', () => {
    expect(CASES.length).toBeGreaterThan(80);
  });
});

describe('what GraphQL itself refuses', () => {
  it('names every variable that does not fit, with its place and value', async () => {
    const query = 'query ($first: Int, $team: String!) { applications(first: $first, team: $team) { nodes { name } } }';
    const { data, errors } = await ask(sluice, query, { first: 'ten' });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'malformed',
          errors: [
            { pointer: '#/variables/first', code: 'wrong-type', value: 'ten', detail: expect.stringContaining('Int') },
            { pointer: '#/variables/team', code: 'required', detail: expect.stringContaining('String!') },
          ],
        },
      },
    ]);
  });

  it('says the same when the document was compiled before', async () => {
    const query = 'query ($first: Int) { teams(first: $first) { nodes { name } } }';
    const answers = [];
    for (const first of [1, 'x', 1, 'x', 'x'])
      answers.push((await ask(sluice, query, { first })).errors?.[0]?.extensions.errors);
    expect(answers).toEqual([undefined, answers[1], undefined, answers[1], answers[1]]);
    expect(answers[1]).toMatchObject([{ pointer: '#/variables/first', value: 'x' }]);
  });

  it('literals are read as variables are', async () => {
    const { errors } = await ask(
      sluice,
      'mutation { createTeam(input: { name: "Web", displayName: 7, colour: red }) { name } }',
    );
    expect(errors).toMatchObject([
      {
        path: ['createTeam'],
        extensions: {
          code: 'invalid',
          errors: [
            { pointer: '#/colour', code: 'unknown-field', value: 'red' },
            { pointer: '#/displayName', code: 'wrong-type', value: 7 },
            { pointer: '#/name', code: 'dns-label', value: 'Web' },
          ],
        },
      },
    ]);
  });

  it('where several mutations stand in a document, each that is wrong is named, and none is done', async () => {
    const query = `mutation { good: createTeam(input: { name: "good" }) { name } one: createTeam(input: { name: 1 }) { name }
      two: createPeer(input: { name: "two", kind: cloud }) { name } }`;
    const { data, errors } = await ask(sluice, query);
    expect(data).toBeUndefined();
    expect(errors!.map(({ path, extensions }) => [path, extensions.errors[0].code])).toEqual([
      [['one'], 'wrong-type'],
      [['two'], 'wrong-value'],
    ]);
    expect((await ask(sluice, '{ team(name: "good") { name } }')).errors).toMatchObject([
      { extensions: { code: 'not-found' } },
    ]);
  });

  it.each([
    ['{ teams { nodes { colour } } }', 'Cannot query field "colour" on type "Team".'],
    ['{ teams { nodes { nam } } }', 'Cannot query field "nam" on type "Team".'], // and suggests none
    ['{ teams { nodes { name }', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ team { name } }', 'Field "team" argument "name" of type "String!" is required, but it was not provided.'],
    ['subscription { teams }', 'Cannot query field "teams" on type "Subscription".'],
    ['query One { __typename } query Two { __typename }', 'say by operationName which one to execute (have: One, Two)'],
    ['{"kind": "Document", "definitions": []}', 'the document is not GraphQL'],
  ])('%s', async (query, message) => {
    const { data, errors } = await ask(sluice, query);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ message, extensions: { code: 'malformed' } }]);
  });
});
