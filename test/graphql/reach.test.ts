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

const END = '{ __typename ... on Tier { ref } ... on Peer { name } }';
const SIDE = '{ subject basis objects { namespace name rules { rule flowNames profile } } }';

describe('verdict', () => {
  it.each([
    ['from=shop/frontend&to=shop/backend&port=api', 'from: "shop/frontend", to: "shop/backend", port: "api"'],
    ['from=shop/frontend&to=shop/database', 'from: "shop/frontend", to: "shop/database"'],
    ['from=users&to=shop/frontend&version=1', 'from: "users", to: "shop/frontend", version: "1"'],
    ['from=shop/backend&to=10.0.0.1&port=443', 'from: "shop/backend", to: "10.0.0.1", port: "443"'],
  ])('says the same as REST of %s', async (query, args) => {
    const { body } = await sluice.request.get(`/v1/environments/dev/reachability?${query}`).expect(200);
    const { verdict } = await dataOf(
      sluice,
      `{ verdict(environment: "dev", ${args}) { version revision allowed sentences ports { protocol port } egress ${SIDE} ingress ${SIDE}
         flows { name publishedSince declared { actor revision } } missing { code subject objects flows why detail } mends { method path body detail }
         caveats { code message } } }`,
    );
    const side = ({ subject, basis, objects }: any) => ({
      subject,
      basis: basis.replaceAll('-', '_'),
      objects: objects.map(({ policy, rules }: any) => ({
        ...{ namespace: policy.split('/')[0], name: policy.split('/')[1] },
        rules: rules.map(({ rule, flows, profile }: any) => ({ rule, flowNames: flows, profile })),
      })),
    });
    expect(verdict).toEqual({
      ...{ version: String(body.version), revision: body.revision, allowed: body.allowed, sentences: body.sentences },
      ports: body.ports,
      egress: side(body.egress),
      ingress: side(body.ingress),
      flows: body.flows.map(({ name, publishedSince, declared }: any) => ({
        ...{ name, publishedSince, declared: { actor: declared.actor, revision: declared.revision } },
      })),
      missing: body.missing.map(({ direction: _, code, ...rest }: any) => ({
        ...rest,
        code: code.replaceAll('-', '_'),
      })),
      mends: body.mends,
      caveats: body.caveats.map(({ code, message }: any) => ({ code, message })),
    });
  });

  it('leads on to flow, author, object, bundle and ends', async () => {
    const { verdict } = await dataOf(
      sluice,
      `{ verdict(environment: "dev", version: "latest", from: "shop/frontend", to: "shop/backend") { environment { name } bundle { version }
         source ${END} destination ${END}
         flows { flow { reason destination ${END} } declared { actor resource name action } changed { actor } }
         egress { objects { networkPolicy { name tier { ref } flows { name } bundle { version } } rules { flows { name } } } } } }`,
    );
    expect(verdict).toMatchObject({
      environment: { name: 'dev' },
      bundle: { version: 1 },
      source: { __typename: 'Tier', ref: 'shop/frontend' },
      destination: { ref: 'shop/backend' },
      flows: [
        {
          flow: { reason: 'Pages show the catalogue', destination: { ref: 'shop/backend' } },
          declared: { actor: 'sluice-demo', resource: 'flow', name: 'frontend-to-backend', action: 'create' },
          changed: null,
        },
      ],
    });
    expect(verdict.egress.objects).toEqual([
      {
        networkPolicy: {
          name: 'allow-frontend-egress',
          tier: { ref: 'shop/frontend' },
          flows: [{ name: 'frontend-to-backend' }],
          bundle: { version: 1 },
        },
        rules: [{ flows: [{ name: 'frontend-to-backend' }] }],
      },
      { networkPolicy: { name: 'default-deny-all', tier: null, flows: [], bundle: { version: 1 } }, rules: [] },
    ]);
  });

  it('is asked of an environment and of a bundle too; a draft has no bundle and no stored objects', async () => {
    const question = '(from: "users", to: "shop/frontend", port: "http")';
    const { environments, bundle } = await dataOf(
      sluice,
      `{ environments { nodes { name verdict${question} { allowed version bundle { version } source ${END} ingress { objects { networkPolicy { name } } } } } }
         bundle(environment: "dev") { verdict${question} { allowed version } } }`,
    );
    expect(environments.nodes.map(({ verdict }: any) => verdict)).toEqual(
      [0, 1, 2].map(() => ({
        ...{ allowed: true, version: 'draft', bundle: null, source: { __typename: 'Peer', name: 'users' } },
        ingress: { objects: [{ networkPolicy: null }, { networkPolicy: null }] },
      })),
    );
    expect(bundle.verdict).toEqual({ allowed: true, version: '1' });
  });

  it.each([
    ['from: "shop/no", to: "nobody", port: "0"', 'invalid', ['#/from', '#/port', '#/to']],
    ['from: "a b", to: "shop/backend"', 'malformed', ['#/from']],
    ['from: "users", to: "shop/frontend", version: "9"', 'not-found', []],
    ['from: "users", to: "shop/frontend", version: "new est"', 'not-found', []],
  ])('refuses %s as REST does', async (args, code, pointers) => {
    const { data, errors } = await ask(sluice, `{ verdict(environment: "dev", ${args}) { allowed } }`);
    expect(data).toEqual({ verdict: null });
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(errors?.[0]?.extensions.errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('reaches and reachedBy', () => {
  it('walk from a tier directly, or over as many hops as are asked for', async () => {
    const { tier } = await dataOf(
      sluice,
      `{ tier(application: "shop", name: "backend") {
         reaches(environment: "dev") { distance endpoint { tier } end ${END} hops { flowNames ports { port } } }
         reachedBy(environment: "dev", maxHops: 8) { distance end ${END} hops { flows { name } } }
         nearest: reachedBy(environment: "dev", version: "1", maxHops: 8, first: 1) { end ${END} }
         nowhere: reaches(environment: "prod", version: "draft") { distance } } }`,
    );
    expect(tier).toEqual({
      reaches: [
        {
          ...{ distance: 1, endpoint: { tier: 'shop/database' }, end: { __typename: 'Tier', ref: 'shop/database' } },
          hops: [{ flowNames: ['backend-to-database'], ports: [{ port: 3306 }] }],
        },
      ],
      reachedBy: [
        {
          distance: 1,
          end: { __typename: 'Tier', ref: 'shop/frontend' },
          hops: [{ flows: [{ name: 'frontend-to-backend' }] }],
        },
        {
          ...{ distance: 2, end: { __typename: 'Peer', name: 'users' } },
          hops: [{ flows: [{ name: 'users-to-frontend' }] }, { flows: [{ name: 'frontend-to-backend' }] }],
        },
      ],
      nearest: [{ end: { __typename: 'Tier', ref: 'shop/frontend' } }],
      nowhere: [{ distance: 1 }],
    });
  });

  it('walk on from what was reached, and from peers', async () => {
    const { peer } = await dataOf(
      sluice,
      `{ peer(name: "users") { reachedBy(environment: "dev") { distance }
         reaches(environment: "dev", first: 5) { end { ... on Tier { name reaches(environment: "dev", first: 5) { end ${END} } } } } } }`,
    );
    expect(peer).toEqual({
      reachedBy: [],
      reaches: [{ end: { name: 'frontend', reaches: [{ end: { __typename: 'Tier', ref: 'shop/backend' } }] } }],
    });
  });

  it.each([
    ['maxHops: 33', '#/maxHops'],
    ['maxHops: 0', '#/maxHops'],
    ['first: 501', '#/first'],
  ])('refuse %s', async (args, pointer) => {
    const query = `{ peer(name: "users") { reaches(environment: "dev", ${args}) { distance } } }`;
    expect((await ask(sluice, query)).errors).toMatchObject([
      { extensions: { code: 'malformed', errors: [{ pointer }] } },
    ]);
  });

  it('refuse an environment or a version that does not exist', async () => {
    for (const args of [
      'environment: "moon"',
      'environment: "dev", version: "9"',
      'environment: "dev", version: "x"',
    ]) {
      const { errors } = await ask(sluice, `{ peer(name: "users") { reaches(${args}) { distance } } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'not-found' } }]);
    }
  });

  it('count as many objects as they may give: a document that multiplies them is refused before it runs', async () => {
    const step = (inner: string) => `reaches(environment: "dev") { end { ... on Tier { name ${inner} } } }`;
    const three = `{ peer(name: "users") { ${step(step(step('')))} } }`;
    expect((await ask(sluice, three)).errors).toMatchObject([
      { extensions: { code: 'malformed', errors: [{ code: 'too-complex' }] } },
    ]);
    const few = three.replaceAll('"dev")', '"dev", first: 10)');
    expect((await ask(sluice, few)).errors).toBeUndefined();
  });
});
