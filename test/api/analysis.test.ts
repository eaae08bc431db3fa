import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

const WEB_TO_DB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
`;

const EXAMS = join(process.cwd(), '../shared/exams/connections/list');

describe('the analysis API', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
  });
  afterAll(() => sluice.close());

  const post = (path: string) => sluice.request.post(`/v1/analysis/${path}`);

  it('lists the connections of a YAML stream, as JSON and as text', async () => {
    const line = { src: 'shop/web[Deployment]', dst: 'shop/db[StatefulSet]', conn: 'TCP 5432' };
    const { body } = await post('connections').type('application/yaml').send(WEB_TO_DB).expect(200);
    expect(body.connections).toContainEqual(line);
    const { text } = await post('connections')
      .type('application/yaml')
      .accept('text/plain')
      .send(WEB_TO_DB)
      .expect(200);
    expect(text).toContain(`${line.src} => ${line.dst} : ${line.conn}\n`);
  });

  it('takes JSON: an array of objects, or a List', async () => {
    const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
    const wanted = { src: 'default/a[Pod]', dst: 'default/b[Pod]', conn: 'All Connections' };
    const asArray = await post('connections')
      .send([pod('a'), pod('b')])
      .expect(200);
    const asList = await post('connections')
      .send({ apiVersion: 'v1', kind: 'List', items: [pod('a'), pod('b')] })
      .expect(200);
    expect(asArray.body.connections).toContainEqual(wanted);
    expect(asList.body).toEqual(asArray.body);
  });

  it('tells what a change of a port changes', async () => {
    const after = WEB_TO_DB.replace('5432', '5433');
    const { body } = await post('diff').send({ before: WEB_TO_DB, after }).expect(200);
    expect(body.changes).toEqual([
      {
        type: 'changed',
        src: 'shop/web[Deployment]',
        dst: 'shop/db[StatefulSet]',
        before: 'TCP 5432',
        after: 'TCP 5433',
      },
    ]);
  });

  it('explains by policy and rule', async () => {
    const question = { manifests: WEB_TO_DB, from: 'shop/web', to: 'shop/db', port: 'TCP/80' };
    const { body } = await post('explain').send(question).expect(200);
    expect(body).toMatchObject({ allowed: 'TCP 5432', port: { port: 'TCP/80', allowed: false } });
    expect(body.ingress.policies[0]).toMatchObject({ policy: 'shop/db' });
  });

  it('refuses an invalid policy with every rule that it breaks, and broken YAML by its line', async () => {
    const bad = WEB_TO_DB.replace('port: 5432', 'port: 0, endPort: 70000').replace('[Ingress]', '[ingress]');
    const refused = await post('connections').type('application/yaml').send(bad).expect(422);
    expect(refused.body.errors.length).toBeGreaterThanOrEqual(3);
    const broken = await post('connections').type('application/yaml').send('a: [1\nb: 2').expect(400);
    expect(broken.body.detail).toMatch(/line 2/);
  });

  it('takes ten megabytes here and no YAML elsewhere', async () => {
    const big = `${WEB_TO_DB}${'# padding\n'.repeat(1_000_000)}`;
    await post('connections').type('application/yaml').send(big).expect(200);
    await sluice.request.post('/v1/teams').type('application/yaml').send('name: web').expect(415);
  });

  it.skipIf(!existsSync(EXAMS))('gives what other analysers give for the same manifests', async () => {
    for (const name of readdirSync(EXAMS)) {
      const folder = join(EXAMS, name, 'input');
      const input = readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join('\n---\n');
      const query = { ipBlockMatchesPods: 'false', namedPorts: 'first', ipv6: 'never' };
      const { text } = await post('connections')
        .query(query)
        .type('application/yaml')
        .accept('text/plain')
        .send(input)
        .expect(200);
      const lines = (all: string) =>
        all
          .split('\n')
          .filter((line) => line.trim() !== '' && !line.includes('{ingress-controller}'))
          .sort();
      expect(lines(text), name).toEqual(lines(readFileSync(join(EXAMS, name, 'expected.txt'), 'utf8')));
    }
  });
});
