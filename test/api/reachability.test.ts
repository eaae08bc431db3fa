import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const DEV = '/v1/environments/dev';

let sluice: TestApp;
let today: string;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  today = new Date().toISOString().slice(0, 10);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

const asked = async (query: string) => (await sluice.request.get(`${DEV}/reachability?${query}`).expect(200)).body;
const told = async (query: string) =>
  (await sluice.request.get(`${DEV}/reachability?${query}`).set('accept', 'text/plain').expect(200)).text;
const write = (method: 'patch' | 'put', path: string) => sluice.request[method](path).set('if-match', '*');

describe('reachability', () => {
  it('names object, rule, flow and author of both sides of what is allowed', async () => {
    const side = (direction: string, tier: string, rule: number, basis = 'policies') => ({
      subject: `shop/${tier}`,
      basis,
      ports: [{ protocol: 'TCP', port: 3000 }],
      objects: [
        {
          policy: `shop/allow-${tier}-${direction}`,
          ports: [{ protocol: 'TCP', port: 3000 }],
          rules: [{ rule, ports: [{ protocol: 'TCP', port: 3000 }], flows: ['frontend-to-backend'], profile: [] }],
        },
        { policy: 'shop/default-deny-all', ports: [], rules: [] },
      ],
    });
    expect(await asked('from=shop/frontend&to=shop/backend&port=api&version=1')).toEqual({
      environment: 'dev',
      version: 1,
      revision: expect.any(Number),
      from: { tier: 'shop/frontend' },
      to: { tier: 'shop/backend' },
      port: { protocol: 'TCP', port: 3000, name: 'api' },
      allowed: true,
      ports: [{ protocol: 'TCP', port: 3000 }],
      egress: side('egress', 'frontend', 2),
      ingress: side('ingress', 'backend', 1),
      flows: [
        {
          name: 'frontend-to-backend',
          from: { tier: 'shop/frontend' },
          to: { tier: 'shop/backend' },
          ports: ['api'],
          reason: 'Pages show the catalogue',
          declared: {
            actor: 'sluice-demo',
            at: expect.stringContaining('T'),
            revision: expect.any(Number),
            reason: 'the example of a fresh start',
          },
          publishedSince: 1,
        },
      ],
      missing: [],
      mends: [],
      caveats: [],
      sentences: [
        `shop/frontend can reach shop/backend on TCP 3000: flow frontend-to-backend, declared by sluice-demo on ${today}, allows it; allow-frontend-egress (shop) lets it out by rule 2 and allow-backend-ingress (shop) lets it in by rule 1.`,
        'So it is in version 1 of dev; flow frontend-to-backend is published since version 1.',
      ],
    });
  });

  it('is plain text for who wants to read', async () => {
    expect(await told('from=users&to=shop/frontend&port=80')).toBe(
      `users can reach shop/frontend on TCP 80: flow users-to-frontend, declared by sluice-demo on ${today}, allows it; users is a peer, whose egress is not Sluice's to rule, and allow-frontend-ingress (shop) lets it in by rule 1.\n` +
        'Mind: default-deny-all (shop) isolates pods of users for egress, and Sluice opens the side of tiers only: open theirs, or make them a tier.\n' +
        'So it is in the working model of dev; flow users-to-frontend is published since version 1.\n',
    );
  });

  it('without a port, tells the ports', async () => {
    expect(await asked('from=shop/backend&to=shop/database')).toMatchObject({
      allowed: true,
      ports: [{ protocol: 'TCP', port: 3306 }],
    });
    expect(await asked('from=shop/frontend&to=shop/database')).toMatchObject({ allowed: false, ports: [] });
  });

  it('takes addresses of both families', async () => {
    for (const to of ['8.8.8.8', '2001:db8::1', '10.0.0.0/8'])
      expect(await asked(`from=shop/frontend&to=${to}&port=443`)).toMatchObject({
        allowed: false,
        to: { addresses: to },
        mends: [{ path: '/v1/peers' }, { path: '/v1/flows' }],
      });
  });

  it('denied, says what is missing; and what it proposes makes it allowed, in this environment only', async () => {
    const question = 'from=shop/frontend&to=shop/database&port=3306';
    const denied = await asked(question);
    expect(denied).toMatchObject({
      allowed: false,
      missing: [
        { code: 'no-flow', direction: 'egress', objects: ['shop/allow-frontend-egress', 'shop/default-deny-all'] },
        { code: 'no-flow', direction: 'ingress', objects: ['shop/allow-database-ingress', 'shop/default-deny-all'] },
      ],
      mends: [{ method: 'POST', path: '/v1/flows', body: { ports: ['mysql'], environments: ['dev'] } }],
    });
    const [{ path, body }] = denied.mends;
    await sluice.request.post(path).set('sluice-reason', 'reports').send(body).expect(201);
    expect(await asked(question)).toMatchObject({
      allowed: true,
      flows: [{ name: 'frontend-to-database', declared: { actor: 'admin', reason: 'reports' }, publishedSince: null }],
    });
    expect(await asked(`${question}&version=1`)).toMatchObject({ allowed: false, version: 1 });
    const prod = `/v1/environments/prod/reachability?${question}`;
    const { body: elsewhere } = await sluice.request.get(prod).expect(200);
    expect(elsewhere).toMatchObject({
      allowed: false,
      mends: [{ method: 'PATCH', path: '/v1/flows/frontend-to-database', body: { environments: ['dev', 'prod'] } }],
    });
    await write('patch', elsewhere.mends[0].path).send(elsewhere.mends[0].body).expect(200);
    expect((await sluice.request.get(prod).expect(200)).body).toMatchObject({ allowed: true });
  });

  it('on other ports only, proposes the port of the flow that is there', async () => {
    const question = 'from=shop/frontend&to=shop/backend&port=UDP/9000';
    const denied = await asked(question);
    expect(denied).toMatchObject({
      allowed: false,
      ports: [{ protocol: 'TCP', port: 3000 }],
      missing: [{ code: 'other-ports', flows: ['frontend-to-backend'] }, { code: 'other-ports' }],
    });
    const [mend] = denied.mends;
    expect(mend).toMatchObject({ method: 'PATCH', path: '/v1/flows/frontend-to-backend' });
    await write('patch', mend.path).send(mend.body).expect(200);
    expect(await asked(question)).toMatchObject({
      allowed: true,
      flows: [{ declared: { actor: 'sluice-demo' }, changed: { actor: 'admin' }, publishedSince: null }],
    });
    expect(await told(question)).toContain('declared by sluice-demo on');
    expect(await told(question)).toContain('and changed by admin on');
    const { body: published } = await sluice.request.post(`${DEV}/bundles`).send({}).expect(201);
    expect(await asked(question)).toMatchObject({ flows: [{ publishedSince: published.version }] });
    expect(await asked(`${question}&version=latest`)).toMatchObject({ allowed: true, version: published.version });
    const before = await asked('from=shop/frontend&to=shop/backend&version=1');
    expect(before.flows).toMatchObject([{ ports: ['api'], publishedSince: 1 }]);
    expect(before.flows[0]).not.toHaveProperty('changed');
  });

  it('a flow that was declared anew has its new author', async () => {
    const question = 'from=shop/backend&to=shop/database&port=mysql';
    const { body: flow } = await sluice.request.get('/v1/flows/backend-to-database').expect(200);
    await sluice.request.delete('/v1/flows/backend-to-database').set('if-match', '*').expect(204);
    expect(await asked(question)).toMatchObject({ allowed: false });
    await sluice.request.post('/v1/flows').send(flow).expect(201);
    const [again] = (await asked(question)).flows;
    expect(again).toMatchObject({ declared: { actor: 'admin' } });
    expect(again).not.toHaveProperty('changed');
    expect((await asked(`${question}&version=1`)).flows).toMatchObject([{ declared: { actor: 'sluice-demo' } }]);
  });

  it('an application that is not placed: place it, and declare the flow', async () => {
    await sluice.request.post('/v1/applications').send({ name: 'mail', team: 'demo' }).expect(201);
    const tier = {
      name: 'sender',
      podSelector: { matchLabels: { app: 'sender' } },
      ports: [{ name: 'smtp', port: 25 }],
    };
    await sluice.request.post('/v1/applications/mail/tiers').send(tier).expect(201);
    const question = 'from=shop/backend&to=mail/sender&port=smtp';
    const denied = await asked(question);
    expect(denied).toMatchObject({ allowed: false, missing: [{ code: 'not-placed', subject: 'mail/sender' }] });
    const [place, declare] = denied.mends;
    await sluice.request.put(place.path).set('if-none-match', '*').send(place.body).expect(201);
    await sluice.request.post(declare.path).send(declare.body).expect(201);
    expect(await asked(question)).toMatchObject({ allowed: true });
  });

  it('addresses: declare them as a peer, and the flow to it', async () => {
    const question = 'from=shop/backend&to=2001:db8::7&port=TCP/443';
    for (const { path, body } of (await asked(question)).mends) await sluice.request.post(path).send(body).expect(201);
    expect(await asked(question)).toMatchObject({ allowed: true, flows: [{ to: { peer: 'addresses-2001-db8-7' } }] });
  });

  it('proposes no name that is taken', async () => {
    const taken = {
      name: 'backend-to-users',
      from: { tier: 'shop/backend' },
      to: { peer: 'users' },
      ports: [{ protocol: 'UDP', port: 1 }],
      environments: ['staging'],
    };
    await sluice.request.post('/v1/flows').send(taken).expect(201);
    const { mends } = await asked('from=shop/backend&to=users&port=80');
    expect(mends[0].body.name).toBe('shop-backend-to-users');
    await sluice.request.post('/v1/flows').send(mends[0].body).expect(201);
  });
});

describe('what cannot be asked', () => {
  const GOOD = 'from=shop/frontend&to=shop/backend';
  it.each([
    [
      `${DEV}/reachability?from=shop/fronted&to=nobody&port=0`,
      422,
      ['#/from unknown-tier', '#/port port', '#/to unknown-peer'],
    ],
    [`${DEV}/reachability?${GOOD}&port=http`, 422, ['#/port unknown-port']],
    [`${DEV}/reachability?${GOOD}&port=TCP/65536`, 422, ['#/port port']],
    [`${DEV}/reachability?from=users&to=10.0.0.1`, 422, ['#/to no-tier']],
    [`${DEV}/reachability?from=shop/backend&to=10.0.0.1/8`, 422, ['#/to cidr-host-bits']],
    [`${DEV}/reachability?from=shop/backend&to=10.0.0`, 422, ['#/to address']],
    [`${DEV}/reachability?from=shop/backend`, 400, ['#/to required']],
    [`${DEV}/reachability?${GOOD}&from=shop/backend`, 400, ['#/from ']],
    [`${DEV}/reachability?${GOOD}&via=mesh`, 400, ['#/via unknown-parameter']],
    [`${DEV}/reachability?${GOOD}&version=9`, 404, []],
    [`${DEV}/reachability?${GOOD}&version=newest`, 404, []],
    [`/v1/environments/moon/reachability?${GOOD}`, 404, []],
    [`/v1/environments/staging/reachability?${GOOD}&version=latest`, 404, []],
    [`${DEV}/connections?from=shop/fronted`, 422, ['#/from unknown-tier']],
    [`${DEV}/connections?from=nobody&to=shop/no`, 422, ['#/from unknown-peer', '#/to unknown-tier']],
    [`${DEV}/connections?port=http`, 400, ['#/port ']],
    [`${DEV}/paths?from=nobody`, 422, ['#/from unknown-peer']],
    [`${DEV}/paths?from=users&to=shop/no`, 422, ['#/to unknown-tier']],
    [`${DEV}/paths?from=users&maxHops=33`, 400, ['#/maxHops ']],
    [`${DEV}/paths`, 400, []],
  ])('%s', async (path, status, problems) => {
    const { body } = await sluice.request.get(path).expect(status);
    expect(body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`)).toEqual(
      problems.map((problem) => (problem.endsWith(' ') ? expect.stringContaining(problem) : problem)),
    );
    expect(body.detail.length).toBeGreaterThan(10);
  });

  it('another media type', async () => {
    await sluice.request.get(`${DEV}/reachability?${GOOD}`).set('accept', 'application/yaml').expect(406);
  });

  it('by a token of another environment', async () => {
    const input = { name: 'prod-reader', scopes: ['read'], environment: 'prod' };
    const { body } = await sluice.request.post('/v1/tokens').send(input).expect(201);
    await sluice.as(body.token).get(`${DEV}/reachability?${GOOD}`).expect(403);
    await sluice.as(body.token).get(`/v1/environments/prod/reachability?${GOOD}`).expect(200);
  });
});

describe('paths', () => {
  const ways = async (query: string) =>
    (await sluice.request.get(`${DEV}/paths?${query}&version=1`).expect(200)).body.paths.map(({ from, hops }: any) =>
      [from, ...hops.map(({ to }: any) => to)].map((end: any) => end.tier ?? end.peer).join(' > '),
    );

  it('what the frontend can reach, if it is taken over', async () => {
    expect(await ways('from=shop/frontend')).toEqual([
      'shop/frontend > shop/backend',
      'shop/frontend > shop/backend > shop/database',
    ]);
    expect(await ways('from=shop/frontend&maxHops=1')).toEqual(['shop/frontend > shop/backend']);
  });

  it('who can get to the database, nearest first', async () => {
    expect(await ways('to=shop/database')).toEqual([
      'shop/backend > shop/database',
      'shop/frontend > shop/backend > shop/database',
      'users > shop/frontend > shop/backend > shop/database',
    ]);
  });

  it('each hop has its flows', async () => {
    const { body } = await sluice.request.get(`${DEV}/paths?from=users&to=shop/database&version=1`).expect(200);
    expect(body).toMatchObject({ version: 1, complete: true });
    expect(body.paths[0].hops.map(({ flows }: any) => flows)).toEqual([
      ['users-to-frontend'],
      ['frontend-to-backend'],
      ['backend-to-database'],
    ]);
  });
});
