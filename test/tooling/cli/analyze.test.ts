import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.js';
import { scratch } from '../../support/scratch.js';

const deployment = (name: string) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: {template: {metadata: {labels: {app: ${name}}}}}}\n`;
const policy = (port: number | string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: ${port}}]}]
`;
const ADMIN = '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: all}}\n';

const FILES = {
  'old/web.yaml': deployment('web'),
  'old/deep/db.yml': deployment('db'),
  'old/deep/policy.json': JSON.stringify({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'db', namespace: 'shop' } },
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] }],
    },
  }),
  'old/.git/broken.yaml': 'a: [',
  'old/node_modules/x/broken.yaml': 'a: [',
  'old/notes.txt': 'a: [',
  'new/all.yaml': [deployment('web'), deployment('db'), policy(5433)].join('---\n'),
  'bad/a.yaml': policy(0),
  'bad/b.yaml': `---\n# second\n---\n${policy(70000)}`,
  'broken/a.yaml': 'a: [1\nb: 2',
  'broken/b.yaml': 'kind: {{ .Values.kind }}',
  'chart/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
  'chart/templates/web.yaml': 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n',
  'admin/all.yaml': [deployment('web'), ADMIN].join('---\n'),
  'empty/notes.txt': '',
};

const DB = 'shop/web[Deployment] => shop/db[Deployment] : TCP 5432\n';

describe('sluice analyze', () => {
  let root = '';
  let remove = () => {};
  beforeAll(() => {
    ({ root, remove } = scratch(FILES));
    symlinkSync(join(root, 'old'), join(root, 'old/deep/circle'));
  });
  afterAll(() => remove());

  /** Runs it with paths below the scratch folder; gives what it leaves, without that folder's name. */
  async function sluice(line: string, input = '') {
    const words = line.split(' ').filter((word) => word !== '');
    const given = words.map((word) => word.replace(/^@/, `${root}/`));
    const { code, out, err } = await runCli(given, { input });
    return { code, out: out.replaceAll(`${root}/`, ''), err: err.replaceAll(`${root}/`, '') };
  }

  test('connections: folders all the way down, files, and standard input', async () => {
    const folder = await sluice('analyze connections @old');
    expect(folder).toMatchObject({ code: 0, err: '' });
    expect(folder.out).toContain(DB);
    const files = await sluice('analyze connections @old/deep/policy.json @old/web.yaml @old/deep @old/web.yaml');
    expect(files).toEqual(folder);
    const piped = await sluice('analyze connections - @old/deep', deployment('web'));
    expect(piped).toEqual(folder);
  });

  test('every format', async () => {
    expect((await sluice('analyze connections @old --format csv')).out).toMatch(/^src,dst,conn\r\n/);
    expect((await sluice('analyze exposure @old --format=md')).out).toMatch(/^# Exposure\n/);
    expect((await sluice('analyze diff @old @new --format dot')).out).toMatch(/^digraph "Changes" \{/);
    const { out } = await sluice('analyze connections @old --format json');
    expect(JSON.parse(out).connections).toContainEqual({
      ...{ src: 'shop/web[Deployment]', dst: 'shop/db[Deployment]', conn: 'TCP 5432' },
    });
  });

  test('diff: 0 the same, 1 they differ', async () => {
    expect(await sluice('analyze diff @old @old')).toEqual({ code: 0, out: '', err: '' });
    const change = 'changed shop/web[Deployment] => shop/db[Deployment] : TCP 5432 -> TCP 5433\n';
    expect(await sluice('analyze diff @old @new')).toEqual({ code: 1, out: change, err: '' });
    const many = await sluice('analyze diff --before @old/web.yaml @old/deep --after @new --format text');
    expect(many).toEqual({ code: 1, out: change, err: '' });
    expect(await sluice('analyze diff @old -', policy(1))).toMatchObject({ code: 1 });
  });

  test('explain: 0 allowed, 1 denied, with the reasons', async () => {
    const ask = '--from shop/web --to shop/db';
    expect(await sluice(`analyze explain @old ${ask} --port TCP/5432`)).toMatchObject({ code: 0 });
    expect(await sluice(`analyze explain @old ${ask}`)).toMatchObject({ code: 0 });
    const denied = await sluice(`analyze explain @old ${ask} --port 80`);
    expect(denied.code).toBe(1);
    expect(denied.out).toContain('shop/db: rule 1 selects shop/web[Deployment], but not on these ports\n');
    expect(await sluice('analyze explain @old --from 10.0.0.1 --to shop/db')).toMatchObject({ code: 1 });
  });

  test('exposure: what is open, and what nothing protects', async () => {
    const { code, out } = await sluice('analyze exposure @old');
    expect(code).toBe(0);
    expect(out).toContain('shop/db[Deployment] <= shop/{app=web}[Pods] : TCP 5432\n');
    expect(out).toContain('shop/web[Deployment] is not protected for ingress: no policy isolates it\n');
  });

  test('the switches of the evaluator', async () => {
    const { out } = await sluice('analyze connections @old --ipv6 always');
    expect(out).toContain('ffff:ffff[External]');
    expect(await sluice('analyze connections @old --ipv6 sometimes')).toMatchObject({
      code: 2,
      err: 'sluice analyze connections: --ipv6 "sometimes": use one of when-used, always, never\n',
    });
  });

  test('2 where policies that it does not know would change the answer: the answer is there all the same', async () => {
    const { code, out, err } = await sluice('analyze connections @admin --quiet');
    expect(code).toBe(2);
    expect(out).toContain('shop/web[Deployment] => 0.0.0.0');
    expect(err).toMatch(/^error policy-kind-not-included default\/all: AdminNetworkPolicy all /);
  });

  test('2 for invalid policies: every rule that is broken, by file and line', async () => {
    const { code, out, err } = await sluice('analyze connections @bad');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('2 problems');
    expect(err).toMatch(/NetworkPolicy shop\/db \(bad\/a.yaml:1\): spec.ingress\[0\].ports\[0\].port: 0 is not a port/);
    expect(err).toMatch(/NetworkPolicy shop\/db \(bad\/b.yaml:4\): spec.ingress\[0\].ports\[0\].port: 70000/);
  });

  test('2 for what is no YAML: every file, by line; templates are called so', async () => {
    const { code, err } = await sluice('analyze connections @broken @chart');
    expect(code).toBe(2);
    expect(err).toMatch(/broken\/a.yaml: the YAML is broken at line 2: /);
    expect(err).toMatch(/broken\/b.yaml: line 1 has a template action/);
    expect(err).toMatch(/chart\/templates\/web.yaml: line 3 has a template action .*helm template/);
  });

  test('2 for paths where there is nothing: all of them', async () => {
    const { code, err } = await sluice('analyze connections @none @empty @old');
    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'sluice analyze connections: 2 problems',
      'sluice analyze connections: none does not exist',
      'sluice analyze connections: empty has no *.yaml, *.yml or *.json in it',
      '',
    ]);
  });

  test.each([
    ['', /Usage: sluice <command>/],
    ['analyze', /Usage: sluice analyze <command>/],
    ['analyse', /there is no "analyse" here \(have: .*analyze/],
    ['analyze reach', /have: connections, diff, explain, exposure/],
    ['analyze connections', /name files or folders/],
    ['analyze connections @old --fromat csv', /Unknown option '--fromat'/],
    ['analyze connections @old --format', /argument missing/],
    ['analyze connections @old --format xml', /use one of json, text, csv, md, dot/],
    ['analyze explain @old --from a/b --to a/c --format dot', /use one of json, text, csv, md/],
    ['analyze explain @old --to shop/db', /say --from/],
    ['analyze explain @old --from shop/nobody --to shop/db', /no workload is called "shop\/nobody"/],
    ['analyze explain @old --from shop/web --to shop/db --port http', /port/],
    ['analyze diff @old', /name two files or folders/],
    ['analyze diff @old @new @old', /name two files or folders/],
    ['analyze diff --before @old', /name two files or folders/],
    ['analyze diff @old --before @old --after @new', /name two files or folders/],
    ['analyze diff - -', /one side only/],
  ])('2 for wrong words: %s', async (line, message) => {
    const { code, out, err } = await sluice(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  test.each(['', 'analyze', 'analyze connections', 'analyze diff', 'analyze explain', 'analyze exposure'])(
    'help: %s',
    async (line) => {
      const { code, out, err } = await sluice(`${line} --help`);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: ${`sluice ${line}`.trim()}`);
    },
  );
});
