import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const DEV = '/v1/environments/dev';
const FLOW = {
  name: 'frontend-to-database',
  from: { tier: 'shop/frontend' },
  to: { tier: 'shop/database' },
  ports: [{ protocol: 'TCP', port: 3306 }],
  environments: ['dev'],
};

let sluice: TestApp;
beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  await sluice.request.post('/v1/flows').send(FLOW).expect(201);
});
afterAll(() => sluice.close());

const lineOf = ({ kind, from, to, risk }: any): string =>
  `${kind} ${from.tier ?? from.peer} > ${to.tier ?? to.peer} ${risk}`;

describe('who may talk to whom, and could not before', () => {
  it('is in the first version, with every tier that becomes isolated by name', async () => {
    const { body } = await sluice.request.get(`${DEV}/bundles/1`).expect(200);
    expect(body.changes.connections.map(lineOf)).toEqual([
      'added shop/backend > shop/database widens',
      'added shop/frontend > shop/backend widens',
      'added users > shop/frontend widens',
    ]);
    expect(body.changes.newlyIsolated.tiers.map(({ tier }: any) => tier)).toEqual([
      'shop/backend',
      'shop/database',
      'shop/frontend',
    ]);
    expect(body.changes.complete).toBe(true);
  });

  it('is in a preview, with the flows, the objects, the application, the team and the risk', async () => {
    const { body } = await sluice.request.get(`${DEV}/preview`).expect(200);
    expect(body.changes.connections).toEqual([
      {
        kind: 'added',
        ...{ from: FLOW.from, to: FLOW.to },
        before: { ports: [], flows: [], policies: [] },
        after: {
          ports: FLOW.ports,
          flows: [FLOW.name],
          policies: expect.arrayContaining([expect.stringMatching(/allow-frontend-egress$/)]),
        },
        ...{ gained: FLOW.ports, lost: [], risk: 'widens', applications: ['shop'], teams: expect.any(Array) },
      },
    ]);
    expect(body.changes.summary.connections).toEqual({ widens: 1, narrows: 0, both: 0 });
    expect(body.changes.newlyIsolated).toEqual({ tiers: [], namespaces: [] });
    const { text } = await sluice.request.get(`${DEV}/preview`).set('accept', 'text/plain').expect(200);
    expect(text).toMatch(/^\+ shop\/frontend -> shop\/database TCP 3306 \(widens; flow frontend-to-database; /);
  });

  it('is in the diff of two versions, forwards and backwards, as JSON and as text', async () => {
    await sluice.request.post(`${DEV}/bundles`).send({}).expect(201);
    const forwards = (await sluice.request.get(`${DEV}/bundles/1/diff/2`).expect(200)).body;
    const backwards = (await sluice.request.get(`${DEV}/bundles/2/diff/1`).expect(200)).body;
    expect(forwards.connections.map(lineOf)).toEqual(['added shop/frontend > shop/database widens']);
    expect(backwards.connections.map(lineOf)).toEqual(['removed shop/frontend > shop/database narrows']);
    const { text } = await sluice.request.get(`${DEV}/bundles/2/diff/draft`).set('accept', 'text/plain').expect(200);
    expect(text).toBe('No change in who may talk to whom.\n');
    await sluice.request.get(`${DEV}/bundles/1/diff/2`).set('accept', 'text/csv').expect(406);
  });

  it('is the same by GraphQL', async () => {
    const query = `{ environment(name: "dev") {
      latestBundle { changes { connections { kind risk from { tier } to { tier } gained { protocol port } } summary { connections { widens } } } }
      preview { changes { connections { kind } newlyIsolated { tiers { tier } } complete } } } }`;
    const { body } = await sluice.request.post('/graphql').send({ query }).expect(200);
    expect(body.errors).toBeUndefined();
    expect(body.data.environment.latestBundle.changes).toEqual({
      connections: [
        {
          kind: 'added',
          risk: 'widens',
          ...{ from: FLOW.from, to: FLOW.to },
          gained: [{ protocol: 'TCP', port: 3306 }],
        },
      ],
      summary: { connections: { widens: 1 } },
    });
    expect(body.data.environment.preview.changes).toEqual({
      connections: [],
      newlyIsolated: { tiers: [] },
      complete: true,
    });
  });
});
