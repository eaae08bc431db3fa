import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { release, startPublished, stranger } from '../registry/estate.js';
import type { TestApp } from '../support/app.js';
import { at, type MutatingProxy, startMutatingProxy, tampered } from '../support/mutating-proxy.js';
import { folder, missing, type Ran, RECIPES, run } from './run.js';
import { type Cluster, standIn } from './stand-in.js';

/** The steps of the pipelines as they are written, in the shell that runs them; kubectl is a stand-in, as there is no cluster. */
const TOOLS = missing('the pipelines among the recipes', 'bash', 'curl', 'openssl', 'jq', 'sha256sum', 'base64');

interface Outcome {
  readonly status: number | string;
  /** What all steps printed. */
  readonly said: string;
}

interface Run {
  readonly token?: string;
  readonly key?: string;
}

type Pipeline = (cluster: Cluster, given?: Run) => Promise<Outcome>;

let sluice: TestApp;
let proxy: MutatingProxy;
let here: ReturnType<typeof folder>;
let reader: string;

beforeAll(async () => {
  sluice = await startPublished();
  proxy = await startMutatingProxy(sluice.url);
  const made = await sluice.request
    .post('/v1/tokens')
    .send({ name: 'ci', scopes: ['read'], environment: 'dev' })
    .expect(201);
  reader = made.body.token;
  await sluice.request.post('/v1/applications').send({ name: 'wiki', team: 'demo' }).expect(201);
  const podSelector = { matchLabels: { app: 'wiki' } };
  await sluice.request.post('/v1/applications/wiki/tiers').send({ name: 'web', podSelector }).expect(201);
});
afterAll(async () => {
  await proxy.close();
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});
beforeEach(() => {
  here = folder();
  proxy.make();
});
afterEach(async () => {
  here.remove();
  await sluice.request.delete('/v1/environments/dev/deployments/eu-1');
});

const variables = () => ({ SLUICE_URL: proxy.url, ENVIRONMENT: 'dev' });

/** What the runner of GitHub Actions makes of its expressions; one that is not here is a mistake of the recipe or of this test. */
function expressionsOf(
  secrets: Required<Run>,
  outputs: Record<string, string>,
  failed: boolean,
): Record<string, string> {
  return {
    'secrets.SLUICE_TOKEN': secrets.token,
    'vars.SLUICE_RELEASE_KEY': secrets.key,
    "steps.diff.outputs.changed == '1'": String(outputs['changed'] === '1' && !failed),
    'success() || failure()': 'true',
    "job.status == 'success' && 'applied' || 'failed'": failed ? 'failed' : 'applied',
    'github.server_url': 'https://github.example',
    'github.repository': 'shop/network',
    'github.run_id': '42',
  };
}

/** Each step in a bash of its own, as `run` without `shell` has it: bash -e. */
const github: Pipeline = async (cluster, { token = reader, key = release.publicPem } = {}) => {
  const { env, jobs } = parse(readFileSync(join(RECIPES, 'github/workflow.yaml'), 'utf8'));
  const output = join(here.path, 'output');
  writeFileSync(output, '');
  let [status, said]: [number | string, string] = [0, ''];
  for (const step of jobs.apply.steps.filter((one: any) => one.run !== undefined)) {
    const outputs = Object.fromEntries(
      readFileSync(output, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('=')),
    );
    const known = expressionsOf({ token, key }, outputs, status !== 0);
    const said_ = (expression: string): string => {
      if (!(expression in known)) throw new Error(`what is ${expression}?`);
      return known[expression]!;
    };
    const fill = (text: string): string =>
      text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => said_(expression));
    if (step.if === undefined ? status !== 0 : said_(step.if) !== 'true') continue;
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(String(value))]));
    const ran = await run('bash', ['-e', '-c', fill(step.run)], {
      cwd: here.path,
      env: { ...env, ...variables(), ...own, GITHUB_OUTPUT: output, PATH: cluster.bin },
    });
    said += ran.stdout + ran.stderr;
    if (status === 0) status = ran.status;
  }
  return { status, said };
};

/** before_script and script in one shell that ends at the first failure; after_script in another one, whatever came. */
const gitlab: Pipeline = async (cluster, { token = reader, key = release.publicPem } = {}) => {
  const job = parse(readFileSync(join(RECIPES, 'gitlab/network-policies.gitlab-ci.yml'), 'utf8'))['network-policies'];
  const keyFile = join(here.path, 'release.pub');
  writeFileSync(keyFile, key);
  const env = { ...job.variables, ...variables(), SLUICE_TOKEN: token, SLUICE_RELEASE_KEY: keyFile, PATH: cluster.bin };
  const sh = (lines: readonly string[], more: Record<string, string> = {}): Promise<Ran> =>
    run('sh', ['-e', '-c', lines.join('\n')], { cwd: here.path, env: { ...env, ...more } });
  const ran = await sh([...job.before_script, ...job.script]);
  const CI_JOB_STATUS = ran.status === 0 ? 'success' : 'failed';
  const after = await sh(job.after_script, { CI_JOB_STATUS, CI_JOB_URL: 'https://gitlab.example/jobs/42' });
  return { status: ran.status, said: ran.stdout + ran.stderr + after.stdout + after.stderr };
};

async function latest(): Promise<number> {
  return (await sluice.request.get('/v1/environments/dev/bundles/latest').expect(200)).body.version;
}

async function objectsOf(version: number | 'latest'): Promise<any[]> {
  const { text } = await sluice.request.get(`/v1/environments/dev/bundles/${version}/manifests.yaml`).expect(200);
  return parseAllDocuments(text).map((document) => document.toJS());
}

const namesOf = (objects: any[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();

async function board(): Promise<any> {
  const { status, body } = await sluice.request.get('/v1/environments/dev/deployments/eu-1');
  return status === 404 ? undefined : body;
}

describe.skipIf(TOOLS.length > 0).each([
  ['GitHub Actions', github],
  ['GitLab CI', gitlab],
] as const)('%s', (_, pipeline) => {
  let cluster: Cluster;
  beforeEach(() => (cluster = standIn(here.path)));

  const calls = (verb: string): string[][] => cluster.calls().filter(([given]) => given === verb);
  const answers = (statuses: number[]) =>
    proxy.make(at(/bundles\/latest/, (answer) => (statuses.push(answer.status), answer)));

  it('applies the latest version and says so; the next run downloads nothing and changes nothing', async () => {
    expect(await pipeline(cluster)).toMatchObject({
      status: 0,
      said: expect.stringContaining(`version ${await latest()} of dev (HTTP 200)`),
    });
    expect(cluster.objects()).toEqual(await objectsOf('latest'));
    expect(await board()).toMatchObject({
      running: { version: await latest() },
      behind: 0,
      lastReport: { result: 'applied', by: 'ci' },
    });
    const statuses: number[] = [];
    answers(statuses);
    expect(await pipeline(cluster)).toMatchObject({ status: 0, said: expect.stringContaining('(HTTP 304)') });
    expect(statuses).toEqual([304]);
    expect(calls('apply')).toHaveLength(1);
    expect(calls('diff')).toHaveLength(2);
  });

  it('mends what was changed in the cluster, though nothing was published', async () => {
    await pipeline(cluster);
    cluster.put('shop', 'default-deny-all');
    expect((await pipeline(cluster)).status).toBe(0);
    expect(cluster.objects()).toEqual(expect.arrayContaining(await objectsOf('latest')));
  });

  it('deletes what the version that ran had, and nothing else', async () => {
    const wiki = '/v1/environments/dev/placements/wiki';
    const publish = () => sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
    for (const name of ['allow-web-egress', 'of-someone-else']) cluster.put('old', name);
    await sluice.request.put(wiki).set('if-none-match', '*').send({ namespace: 'wiki' }).expect(201);
    await publish();
    expect((await pipeline(cluster)).status).toBe(0);
    expect(cluster.names()).toContain('wiki/default-deny-all');
    await sluice.request.delete(wiki).set('if-match', '*').expect(204);
    await publish();
    expect((await pipeline(cluster)).status).toBe(0);
    const standing = ['old/allow-web-egress', 'old/of-someone-else'];
    expect(cluster.names()).toEqual([...namesOf(await objectsOf('latest')), ...standing].sort());
    expect(await board()).toMatchObject({ running: { version: await latest() }, behind: 0 });
  });

  it('applies nothing that the release key did not sign', async () => {
    const outcome = await pipeline(cluster, { key: stranger.publicPem });
    expect(outcome).toMatchObject({ said: expect.stringContaining('no signature of the release key') });
    expect(outcome.status).not.toBe(0);
    expect(cluster.calls()).toEqual([]);
  });

  it('applies nothing that was changed on the way, with or without its digest', async () => {
    proxy.make(at(/manifests\.yaml/, tampered));
    expect((await pipeline(cluster)).status).not.toBe(0);
    // a server that lies: other bytes, and the right digest of them
    rmSync(join(here.path, 'netpol'), { recursive: true });
    const { text } = await sluice.request.get('/v1/environments/dev/bundles/1/manifests.yaml').expect(200);
    const etag = `"sha256:${createHash('sha256').update(text).digest('hex')}"`;
    const length = String(Buffer.byteLength(text));
    proxy.make(
      at(/manifests\.yaml/, ({ status, headers }) => ({
        status,
        headers: { ...headers, etag, 'content-length': length },
        bytes: Buffer.from(text),
      })),
    );
    const lied = await pipeline(cluster);
    expect(lied.status).not.toBe(0);
    expect(lied.said).toMatch(/Verified OK\s+false/); // the signature holds, but over other bytes
    expect(cluster.calls()).toEqual([]);
  });

  it('says that it failed where kubectl does', async () => {
    cluster.failAt('apply');
    expect((await pipeline(cluster)).status).not.toBe(0);
    expect(await board()).toMatchObject({
      running: null,
      lastReport: { result: 'failed', message: expect.stringContaining('42') },
    });
    expect(calls('delete')).toEqual([]);
  });

  it('says what the server says to a wrong token', async () => {
    const outcome = await pipeline(cluster, { token: 'wrong' });
    expect(outcome).toMatchObject({ said: expect.stringContaining('not a token') });
    expect(outcome.status).not.toBe(0);
    expect(existsSync(join(here.path, 'netpol/version'))).toBe(false);
    expect(cluster.calls()).toEqual([]);
  });
});
