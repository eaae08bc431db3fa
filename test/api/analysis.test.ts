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

  it('tells what is open to those who are not in the manifests', async () => {
    const { body } = await post('exposure').type('application/yaml').send(WEB_TO_DB).expect(200);
    expect(body.exposures).toContainEqual({
      ...{ workload: 'shop/db[StatefulSet]', direction: 'ingress', peer: 'shop/{app=web}[Pods]', kind: 'pods' },
      ...{ namespace: 'shop', podSelector: { matchLabels: { app: 'web' } }, conn: 'TCP 5432', policies: ['shop/db'] },
    });
    expect(body.unprotected).toEqual([
      { workload: 'shop/db[StatefulSet]', direction: 'egress' },
      { workload: 'shop/web[Deployment]', direction: 'egress' },
      { workload: 'shop/web[Deployment]', direction: 'ingress' },
    ]);
    const bad = WEB_TO_DB.replace('port: 5432', 'port: 0').replace('[Ingress]', '[ingress]');
    const refused = await post('exposure').type('application/yaml').send(bad).expect(422);
    expect(refused.body.errors).toHaveLength(2);
    const query = { ipv6: 'always', ipBlockMatchesPods: 'false' };
    const text = await post('exposure').query(query).type('application/yaml').accept('text/plain').send(WEB_TO_DB);
    expect(text.text).toContain('shop/web[Deployment] <= ::-ffff:');
  });

  const bodies: Record<string, object | string> = {
    connections: WEB_TO_DB,
    exposure: WEB_TO_DB,
    diff: { before: WEB_TO_DB, after: WEB_TO_DB.replace('5432', '5433') },
    explain: { manifests: WEB_TO_DB, from: 'shop/web', to: 'shop/db' },
  };
  const ask = (path: string) => {
    const body = bodies[path];
    return post(path)
      .type(typeof body === 'string' ? 'application/yaml' : 'application/json')
      .send(body);
  };

  it.each([
    ['text/csv', 'csv', /^[a-z,]+\r\n/],
    ['text/markdown', 'md', /^# .*\n\n\| /],
    ['text/vnd.graphviz', 'dot', /^digraph "/],
    ['text/plain', 'text', /shop\/web/],
  ])('answers as %s, by Accept and by ?format=', async (type, format, like) => {
    for (const path of Object.keys(bodies).filter((one) => one !== 'explain' || format !== 'dot')) {
      const { headers, text } = await ask(path).accept(type).expect(200);
      expect(headers['content-type'], path).toBe(`${type}; charset=utf-8`);
      expect(text, path).toMatch(like);
      expect((await ask(path).query({ format }).expect(200)).text).toBe(text);
    }
  });

  it('says what there is where it has not what is asked for: an explanation is no graph', async () => {
    for (const asked of [
      ask('explain').accept('text/vnd.graphviz'),
      ask('explain').query({ format: 'dot' }),
      ask('connections').accept('image/svg+xml'),
    ]) {
      const { body } = await asked.expect(406);
      expect(body).toMatchObject({ code: 'not-acceptable' });
      expect(body.detail).toMatch(/(text\/)?csv, /);
    }
    await ask('connections').query({ format: 'xml' }).expect(400);
  });

  it('has findings that JSON alone can hold counted in a header', async () => {
    const admin = 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: all}\n';
    const csv = await post('connections')
      .type('application/yaml')
      .accept('text/csv')
      .send(`${WEB_TO_DB}---\n${admin}---\nkind: Secret\napiVersion: v1\n`)
      .expect(200);
    expect(csv.headers['sluice-findings']).toBe('error=1, info=1');
    expect((await ask('connections')).headers['sluice-findings']).toBeUndefined();
  });

  it.each([
    ['a million empty documents', '---\n'.repeat(1_000_000), 413, /100000 documents/],
    ['20,000 brackets', '['.repeat(20_000), 400, /nested deeper than 200/],
    [
      'an alias bomb',
      `a: &a [x]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`).join('\n')}`,
      400,
      /grow without bound/,
    ],
    [
      'a template',
      'kind: Pod\nmetadata: {name: {{ .Values.name }} }\n',
      400,
      /line 2 has a template action .*helm template/,
    ],
    ['nothing of Kubernetes', 'hello: world\n', 400, /no Kubernetes object .*line 1/],
  ])('refuses %s with one 4xx, at once', async (_, text, status, detail) => {
    for (const path of ['connections', 'exposure']) {
      const start = performance.now();
      const { body } = await post(path).type('application/yaml').send(text).expect(status);
      expect(body.detail).toMatch(detail);
      expect(performance.now() - start).toBeLessThan(10_000); // mostly the sending
    }
    await post('diff').send({ before: text, after: '' }).expect(status);
    await post('explain').send({ manifests: text, from: 'a/b', to: 'a/c' }).expect(status);
  });

  it('refuses a text where objects are JSON', async () => {
    for (const path of ['connections', 'exposure', 'lint'])
      for (const text of ['# nothing', WEB_TO_DB]) {
        const { body } = await post(path).type('application/json').send(JSON.stringify(text)).expect(400);
        expect(body.detail).toMatch(/^the body is a JSON string: .* YAML as application\/yaml$/);
      }
  });

  it('takes JSON as deep as definitions of custom resources are, and no deeper', async () => {
    const deep = (levels: number) =>
      `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "x": ${'['.repeat(levels)}${']'.repeat(levels)}}`;
    await post('connections').type('application/json').send(deep(190)).expect(200);
    const { body } = await post('connections').type('application/json').send(deep(20_000)).expect(400);
    expect(body.detail).toContain('deeper than 200 levels');
  });

  it('takes no YAML for none, and no JSON for a mistake', async () => {
    for (const question of ['connections', 'lint', 'exposure']) {
      await post(question).type('application/yaml').send('').expect(200);
      await ask(question).type('application/json').send('').expect(400);
    }
  });

  it.each(['connections', 'exposure', 'lint'])('takes JSON null for no manifests: %s', async (question) => {
    const { body } = await post(question).type('application/json').send('null').expect(400);
    expect(body.detail).toMatch(/no Kubernetes object .* at #/);
  });

  it('counts YAML within JSON as YAML', async () => {
    const { body } = await post('diff')
      .send({ before: '', after: `# ${'x'.repeat(17 * 1024 * 1024)}` })
      .expect(413);
    expect(body.detail).toBe('after is larger than the 16 MiB of YAML that this takes');
    await post('connections')
      .type('application/yaml')
      .send(`# ${'x'.repeat(17 * 1024 * 1024)}`)
      .expect(413);
    const list = { kind: 'List', apiVersion: 'v1', items: [], padding: 'x'.repeat(40 * 1024 * 1024) };
    await post('connections').send(list).expect(200);
  });

  it('takes ten megabytes here and no YAML elsewhere', async () => {
    const big = `${WEB_TO_DB}${`# ${'padding '.repeat(125)}\n`.repeat(10_000)}`;
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
