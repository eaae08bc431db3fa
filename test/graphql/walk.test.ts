import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { ask, dataOf } from './ask.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

describe('from any object one can walk on', () => {
  it('from a team to who calls its tiers', async () => {
    const source = '{ __typename ... on Tier { ref } ... on Peer { name } }';
    const { team } = await dataOf(
      sluice,
      `{ team(name: "demo") { applications { tiers { name inbound { source ${source} } } } } }`,
    );
    const inbound = Object.fromEntries(
      team.applications[0].tiers.map(({ name, inbound }: any) => [name, inbound.map((flow: any) => flow.source)]),
    );
    expect(inbound).toEqual({
      backend: [{ __typename: 'Tier', ref: 'shop/frontend' }],
      database: [{ __typename: 'Tier', ref: 'shop/backend' }],
      frontend: [{ __typename: 'Peer', name: 'users' }],
    });
  });

  it.each([
    ['application', '{ application(name: "shop") { team { name } } }', { team: { name: 'demo' } }],
    [
      'tier',
      `{ tier(application: "shop", name: "backend") { application { team { name } }
         outbound { destination { ... on Tier { ref } } } placements { environment { name } } } }`,
      {
        application: { team: { name: 'demo' } },
        outbound: [{ destination: { ref: 'shop/database' } }],
        placements: ['dev', 'prod', 'staging'].map((name) => ({ environment: { name } })),
      },
    ],
    [
      'peer',
      '{ peer(name: "users") { kind flows { destination { ... on Tier { ref } } } } }',
      { kind: 'pods', flows: [{ destination: { ref: 'shop/frontend' } }] },
    ],
    [
      'environment',
      `{ environment(name: "dev") { placements { application { name tiers { name } } } latestBundle { version }
         bundles { nodes { version environment { name } } pageInfo { hasNextPage } } preview { wouldPublish latestVersion } } }`,
      {
        placements: [
          { application: { name: 'shop', tiers: [{ name: 'backend' }, { name: 'database' }, { name: 'frontend' }] } },
        ],
        latestBundle: { version: 1 },
        bundles: { nodes: [{ version: 1, environment: { name: 'dev' } }], pageInfo: { hasNextPage: false } },
        preview: { wouldPublish: false, latestVersion: 1 },
      },
    ],
    [
      'placement',
      '{ placement(environment: "dev", application: "shop") { namespace environment { name } application { name } } }',
      { namespace: 'shop', environment: { name: 'dev' }, application: { name: 'shop' } },
    ],
    [
      'flow',
      `{ flow(name: "users-to-frontend") { from { peer } to { tier } source { ... on Peer { kind } } ports { name port }
         destination { ... on Tier { ref } } everywhere environments { name } } }`,
      {
        from: { peer: 'users' },
        to: { tier: 'shop/frontend' },
        source: { kind: 'pods' },
        ports: [{ name: 'http', port: null }],
        destination: { ref: 'shop/frontend' },
        everywhere: true,
        environments: [{ name: 'dev' }, { name: 'prod' }, { name: 'staging' }],
      },
    ],
    [
      'bundle',
      `{ bundle(environment: "dev") { version environment { name } objects { name direction tier { ref } flows { name } } } }`,
      {
        version: 1,
        environment: { name: 'dev' },
        objects: expect.arrayContaining([
          {
            name: 'allow-frontend-ingress',
            direction: 'ingress',
            tier: { ref: 'shop/frontend' },
            flows: [{ name: 'users-to-frontend' }],
          },
          { name: 'default-deny-all', direction: null, tier: null, flows: [] },
        ]),
      },
    ],
  ])('from one %s', async (field, query, expected) => {
    expect((await dataOf(sluice, query))[field]).toEqual(expected);
  });

  it('from a flow to the objects of each bundle that it became', async () => {
    const query = `query ($environment: String) { flow(name: "frontend-to-backend") {
      networkPolicies(environment: $environment) { namespace name version environment { name } bundle { digest } } } }`;
    const policy = { namespace: 'shop', version: 1, environment: { name: 'dev' }, bundle: expect.anything() };
    const expected = ['allow-backend-ingress', 'allow-frontend-egress'].map((name) => ({ ...policy, name }));
    expect((await dataOf(sluice, query)).flow.networkPolicies).toEqual(expected);
    expect((await dataOf(sluice, query, { environment: 'dev' })).flow.networkPolicies).toEqual(expected);
    expect((await dataOf(sluice, query, { environment: 'prod' })).flow.networkPolicies).toEqual([]);
  });

  it('from an environment to its connections, and to their flows', async () => {
    const { environment } = await dataOf(
      sluice,
      `{ environment(name: "dev") { connections(to: "shop/backend") { from { tier } source { ... on Tier { ref } }
         destination { ... on Tier { ref } } ports { protocol port } flowNames flows { reason } } } }`,
    );
    expect(environment.connections).toEqual([
      {
        from: { tier: 'shop/frontend' },
        source: { ref: 'shop/frontend' },
        destination: { ref: 'shop/backend' },
        ports: [{ protocol: 'TCP', port: 3000 }],
        flowNames: ['frontend-to-backend'],
        flows: [{ reason: 'Pages show the catalogue' }],
      },
    ]);
  });

  it('from an environment along the ways through it', async () => {
    const query = `{ environment(name: "dev") { paths(from: "users") { complete paths { to { tier } hops { source { __typename }
      destination { ... on Tier { name } } } } } } }`;
    const { environment } = await dataOf(sluice, query);
    const { body } = await sluice.request.get('/v1/environments/dev/paths?from=users').expect(200);
    expect(environment.paths.paths.map((path: any) => path.to)).toEqual(body.paths.map((path: any) => path.to));
    expect(environment.paths).toMatchObject({ complete: true });
    expect(environment.paths.paths.at(-1).hops.at(-1)).toEqual({
      source: { __typename: 'Tier' },
      destination: { name: 'database' },
    });
    const { errors } = await ask(sluice, '{ environment(name: "dev") { paths { complete } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'malformed' } }]);
  });

  it('says the same as REST of manifests, overviews, previews and diffs', async () => {
    const { bundle } = await dataOf(
      sluice,
      `{ bundle(environment: "dev", version: "1") { manifests overview(format: md) diff(other: "draft", environment: "prod")
         { before { version } after { version } objects { kind name } flows { kind name flow { name } } } } }`,
    );
    const text = async (path: string) => (await sluice.request.get(`/v1/environments/${path}`).expect(200)).text;
    expect(bundle.manifests).toBe(await text('dev/bundles/1/manifests.yaml'));
    expect(bundle.overview).toBe(await text('dev/bundles/1/overview.md'));
    const diff = JSON.parse(await text('dev/bundles/1/diff/draft?environment=prod'));
    expect(bundle.diff.objects).toEqual(diff.objects.map(({ kind, name }: any) => ({ kind, name })));
    expect(bundle.diff).toMatchObject({ before: { version: '1' }, after: { version: 'draft' } });
    const { environment } = await dataOf(
      sluice,
      `{ environment(name: "prod") { overview(format: dot) preview { digest changes { objects { name } flows { kind name } } } } }`,
    );
    expect(environment.overview).toBe(await text('prod/bundles/draft/overview.dot'));
    const preview = JSON.parse(await text('prod/preview'));
    expect(environment.preview.digest).toBe(preview.digest);
    expect(environment.preview.changes.flows.map((change: any) => change.name)).toEqual(
      preview.changes.flows.map((change: any) => change.flow),
    );
  });
});

describe('lists are Relay connections over the pages of REST', () => {
  it('a cursor leads on, and is a page token', async () => {
    const query = `query ($after: String) { environments(first: 2, after: $after) {
      nodes { name } edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const { environments: first } = await dataOf(sluice, query);
    expect(first.nodes).toEqual([{ name: 'dev' }, { name: 'prod' }]);
    expect(first.edges.map((edge: any) => edge.node)).toEqual(first.nodes);
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
      endCursor: first.edges[1].cursor,
    });
    const { environments: last } = await dataOf(sluice, query, { after: first.pageInfo.endCursor });
    expect(last).toMatchObject({
      nodes: [{ name: 'staging' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const { body } = await sluice.request.get(`/v1/environments?pageToken=${first.edges[0].cursor}`).expect(200);
    expect(body.items.map((item: any) => item.name)).toEqual(['prod', 'staging']);
  });

  it('pages through the versions of several environments at once', async () => {
    await sluice.request
      .patch('/v1/environments/dev')
      .set('if-match', '*')
      .send({ profile: { defaultDeny: false } })
      .expect(200);
    await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
    const query = `{ environments { nodes { name bundles(first: 1) { nodes { version } pageInfo { hasNextPage endCursor } } } } }`;
    const { environments } = await dataOf(sluice, query);
    const { bundles } = environments.nodes[0];
    expect(bundles).toMatchObject({ nodes: [{ version: 2 }], pageInfo: { hasNextPage: true } });
    expect(environments.nodes[1].bundles).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
    const next = `query ($after: String) { environment(name: "dev") { bundles(after: $after) { nodes { version } } } }`;
    const { environment } = await dataOf(sluice, next, { after: bundles.pageInfo.endCursor });
    expect(environment.bundles.nodes).toEqual([{ version: 1 }]);
  });

  it('takes the filters of REST', async () => {
    const { applications, flows, changes } = await dataOf(
      sluice,
      `{ applications(team: "demo") { nodes { name } } flows(to: "shop/backend", port: "api") { nodes { name } }
         changes(resource: "team", since: "0") { nodes { action name actor after } } }`,
    );
    expect(applications.nodes).toEqual([{ name: 'shop' }]);
    expect(flows.nodes).toEqual([{ name: 'frontend-to-backend' }]);
    expect(changes.nodes).toMatchObject([{ action: 'create', name: 'demo', after: { displayName: 'Demo team' } }]);
  });

  it.each([
    ['{ teams(first: 0) { nodes { name } } }', '#/first'],
    ['{ teams(first: 501) { nodes { name } } }', '#/first'],
    ['{ flows(port: "a b") { nodes { name } } }', '#/port'],
    ['{ changes(since: "yesterday") { nodes { name } } }', '#/since'],
    ['{ environment(name: "dev") { connections(port: 65536) { flowNames } } }', '#/port'],
    ['{ environment(name: "dev") { paths(from: "users", maxHops: 33) { complete } } }', '#/maxHops'],
  ])('refuses %s as REST does', async (query, pointer) => {
    const { errors } = await ask(sluice, query);
    expect(errors).toMatchObject([{ extensions: { code: 'malformed', errors: [{ pointer }] } }]);
  });

  it('refuses a cursor of another list', async () => {
    const { applications } = await dataOf(sluice, '{ applications { pageInfo { endCursor } } }');
    const query = 'query ($after: String) { teams(after: $after) { nodes { name } } }';
    const { errors } = await ask(sluice, query, { after: applications.pageInfo.endCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'malformed' } }]);
  });
});

describe('tokens', () => {
  it('a token that is bound to an environment sees the model, and of environments its own', async () => {
    const input = { name: 'dev-reader', scopes: ['read'], environment: 'dev' };
    const create = 'mutation ($input: TokenInput!) { createToken(input: $input) { id token environment { name } } }';
    const { createToken } = await dataOf(sluice, create, { input });
    expect(createToken.environment).toEqual({ name: 'dev' });
    const query = `{ tier(application: "shop", name: "backend") { placements { environment { name } }
      inbound { networkPolicies { name } } }
      dev: environment(name: "dev") { latestBundle { version } } prod: environment(name: "prod") { latestBundle { version } } }`;
    const { body } = await sluice.as(createToken.token).post('/graphql').send({ query });
    expect(body.data.tier.placements).toEqual([{ environment: { name: 'dev' } }]);
    expect(body.data.tier.inbound[0].networkPolicies).toHaveLength(2);
    expect(body.data.dev.latestBundle).toEqual({ version: 2 });
    expect(body.data.prod.latestBundle).toBeNull();
    expect(body.errors).toMatchObject([{ path: ['prod', 'latestBundle'], extensions: { code: 'forbidden' } }]);
    expect(await dataOf(sluice, 'mutation ($id: ID!) { revokeToken(id: $id) }', { id: createToken.id })).toEqual({
      revokeToken: true,
    });
    await sluice.as(createToken.token).post('/graphql').send({ query }).expect(401);
  });
});
