import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const SHOP = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, ports: [{containerPort: 5432}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
`;

const FOUND = {
  code: 'service-port-used',
  severity: 'warning',
  path: 'shop/db spec.ingress[0].ports[0].port',
  message:
    'NetworkPolicy shop/db: port 80 is that of Service shop/db, which sends to port 5432 of its pods: connections arrive there and are not allowed by this port',
  value: '80',
  mend: 'Write port 5432 instead of 80.',
};

describe('lint', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
    await loadShop(sluice.app);
  });
  afterAll(() => sluice.close());

  const post = () => sluice.request.post('/v1/analysis/lint');

  describe('of manifests', () => {
    it('takes a YAML stream and says what, where, and what to do', async () => {
      const { body } = await post().type('application/yaml').send(SHOP).expect(200);
      expect(body).toEqual({ findings: [FOUND], counts: { error: 0, warning: 1, info: 0 } });
    });

    it('takes JSON, an array or a List, and gives text', async () => {
      const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: {} };
      const asArray = await post().send([policy]).expect(200);
      const asList = await post()
        .send({ apiVersion: 'v1', kind: 'List', items: [policy] })
        .expect(200);
      expect(asArray.body.findings[0]).toMatchObject({ code: 'workloads-not-given', severity: 'info' });
      expect(asList.body).toEqual(asArray.body);
      const { text } = await post().type('application/yaml').accept('text/plain').send(SHOP).expect(200);
      expect(text).toBe(`warning ${FOUND.code} ${FOUND.path}: ${FOUND.message}\n  mend: ${FOUND.mend}\n`);
    });

    it('names what is not included in the answer, worst first', async () => {
      const cilium =
        '\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: shop}\n';
      const { body } = await post().type('application/yaml').send(`${SHOP}${cilium}`).expect(200);
      expect(body.findings[0]).toMatchObject({ code: 'policy-kind-not-included', severity: 'error' });
      expect(body.counts).toEqual({ error: 1, warning: 1, info: 0 });
    });

    it('refuses what is no manifest, with every problem', async () => {
      await post().type('application/yaml').send('a: [1\nb: 2').expect(400);
      await post().type('application/yaml').send('just a text').expect(400);
      await post().type('text/csv').send('a,b').expect(415);
      await post().accept('image/png').type('application/yaml').send(SHOP).expect(406);
      const bad = SHOP.replace('port: 80}]}]', 'port: 0, endPort: 70000}]}]').replace('[Ingress, Egress]', '[ingress]');
      const { body } = await post().type('application/yaml').send(bad).expect(422);
      expect(body.errors.length).toBeGreaterThanOrEqual(3);
      const empty = await post().type('application/yaml').send('').expect(200);
      expect(empty.body.findings).toEqual([]);
    });
  });

  describe('of the model', () => {
    const EVERYWHERE = {
      code: 'egress-to-everywhere',
      severity: 'warning',
      path: 'peer/anyone',
      message:
        'peer "anyone" is anyone, inside and outside the cluster, and tiers may reach it by flow "backend-to-anyone"',
      value: 'anywhere',
      mend: 'Use a peer of kind `internet`, which leaves out the private ranges, or name who is called.',
    };

    it('is shown by the preview, stands in the way of no publish, and is kept with the version', async () => {
      const before = await sluice.request.get('/v1/environments/staging/preview').expect(200);
      expect(before.body.findings).not.toContainEqual(EVERYWHERE);
      await sluice.request.post('/v1/peers').send({ name: 'anyone', kind: 'anywhere' }).expect(201);
      const flow = { from: { tier: 'shop/backend' }, to: { peer: 'anyone' }, ports: [{ protocol: 'TCP', port: 443 }] };
      await sluice.request
        .post('/v1/flows')
        .send({ name: 'backend-to-anyone', ...flow })
        .expect(201);
      const { body } = await sluice.request.get('/v1/environments/staging/preview').expect(200);
      expect(body.wouldPublish).toBe(true);
      expect(body.findings).toContainEqual(EVERYWHERE);
      const published = await sluice.request.post('/v1/environments/staging/bundles').send({}).expect(201);
      expect(published.body.findings).toEqual(body.findings);
    });

    it('is the same by GraphQL, with what to do', async () => {
      const findings = '{ code severity path message value mend }';
      const query = `{ environment(name: "staging") { preview { findings ${findings} } latestBundle { findings ${findings} } } }`;
      const data = await dataOf(sluice, query);
      expect(data.environment.preview.findings).toContainEqual(EVERYWHERE);
      expect(data.environment.latestBundle.findings).toContainEqual(EVERYWHERE);
    });
  });
});
