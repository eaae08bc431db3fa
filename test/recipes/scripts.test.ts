import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startPublished } from '../registry/estate.js';
import type { TestApp } from '../support/app.js';
import { at, type Mistake, type MutatingProxy, startMutatingProxy, tampered } from '../support/mutating-proxy.js';
import { ADDRESS, folder, missing, type Ran, RECIPES, run } from './run.js';
import { type Cluster, standIn } from './stand-in.js';

const BASE = '/v1/environments/dev/bundles';
const TOOLS = missing('the scripts among the recipes', 'sh', 'curl', 'openssl', 'awk', 'tar', 'jq');
const KUBECTL = missing('building with kubectl kustomize', 'kubectl');

let sluice: TestApp;
let proxy: MutatingProxy;
let here: ReturnType<typeof folder>;

beforeAll(async () => {
  sluice = await startPublished();
  proxy = await startMutatingProxy(sluice.url);
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
afterEach(() => here.remove());

function script(name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const given = { SLUICE_URL: proxy.url, SLUICE_TOKEN: sluice.token, ...env };
  return run('sh', [join(RECIPES, name), ...args], { cwd: here.path, env: given });
}

async function manifestsOf(version: number): Promise<string> {
  return (await sluice.request.get(`${BASE}/${version}/manifests.yaml`).expect(200)).text;
}

const objectsOf = (yaml: string): unknown[] => parseAllDocuments(yaml).map((document) => document.toJS());

describe.skipIf(TOOLS.length > 0)('curl/fetch.sh', () => {
  const fetched = (): string => readFileSync(join(here.path, 'netpol/manifests.yaml'), 'utf8');
  const fetch = (env: Record<string, string> = {}): Promise<Ran> => script('curl/fetch.sh', ['dev', 'netpol'], env);
  const nothingLeft = (): string[] => readdirSync(join(here.path, 'netpol')).sort();

  it('fetches once, and then only asks', async () => {
    expect(await fetch()).toEqual({ status: 0, stdout: 'new 2\n', stderr: '' });
    expect(fetched()).toBe(await manifestsOf(2));
    const statuses: number[] = [];
    proxy.make((answer) => (statuses.push(answer.status), answer));
    expect(await fetch()).toEqual({ status: 0, stdout: 'unchanged 2\n', stderr: '' });
    expect(statuses).toEqual([304]);
    expect(nothingLeft()).toEqual(['fetched', 'manifests.yaml']);
  });

  it('keeps the last good version while the server is away, or fails, or stops half way', async () => {
    await fetch();
    const away = await fetch({ SLUICE_URL: 'http://127.0.0.1:1' });
    expect(away).toMatchObject({ status: 0, stdout: 'kept 2\n', stderr: expect.stringContaining('cannot be asked') });
    const broken: Mistake = (answer) => ({ ...answer, status: 501, bytes: Buffer.from('no'), headers: {} });
    const half: Mistake = (answer) => ({
      ...answer,
      status: 200,
      bytes: Buffer.from('half'),
      headers: { 'content-length': '4' },
    });
    proxy.make(broken);
    expect((await fetch()).stdout).toBe('kept 2\n');
    proxy.make(half);
    expect(await fetch()).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('refused') });
    expect(fetched()).toBe(await manifestsOf(2));
    expect(nothingLeft()).toEqual(['fetched', 'manifests.yaml']);
  });

  it('fails where there is nothing to keep', async () => {
    const away = await fetch({ SLUICE_URL: 'http://127.0.0.1:1' });
    expect(away).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('nothing good was fetched before'),
    });
    expect(nothingLeft()).toEqual([]);
  });

  it('refuses bytes that were tampered with, and leaves what was good', async () => {
    proxy.make(tampered);
    expect(await fetch()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not those of their Repr-Digest'),
    });
    expect(nothingLeft()).toEqual([]);
    proxy.make();
    await fetch();
    writeFileSync(join(here.path, 'netpol/manifests.yaml'), 'what someone else wrote');
    proxy.make(tampered);
    expect((await fetch()).status).toBe(1);
    expect((await fetch({ SLUICE_URL: 'http://127.0.0.1:1' })).status).toBe(1); // what is on the disk is not good either
    proxy.make();
    expect((await fetch()).stdout).toBe('new 2\n');
    expect(fetched()).toBe(await manifestsOf(2));
  });

  it('says what the server says', async () => {
    await fetch();
    expect(await fetch({ SLUICE_TOKEN: 'wrong' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not a token'),
    });
    const unknown = await script('curl/fetch.sh', ['moon', 'netpol']);
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('moon') });
    expect((await run('sh', [join(RECIPES, 'curl/fetch.sh'), 'dev'], { cwd: here.path })).status).not.toBe(0);
  });
});

describe.skipIf(TOOLS.length > 0)('kustomize', () => {
  const built = (at: string): Promise<Ran> => run('kubectl', ['kustomize', at], { cwd: here.path });

  it('archive/fetch.sh unpacks the version, and refuses what was tampered with', async () => {
    expect(await script('kustomize/archive/fetch.sh', ['dev', '1'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(join(here.path, 'bundle')).sort()).toEqual(['kustomization.yaml', 'shop.yaml']);
    expect((await script('kustomize/archive/fetch.sh', ['dev', '2'])).status).toBe(0);
    expect(readdirSync(join(here.path, 'bundle')).sort()).toEqual(['blog.yaml', 'kustomization.yaml', 'shop.yaml']);
    proxy.make(tampered);
    expect(await script('kustomize/archive/fetch.sh', ['dev', '1'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('refused'),
    });
    proxy.make();
    expect((await script('kustomize/archive/fetch.sh', ['dev', '9'])).stderr).toContain('version 9');
    expect(readdirSync(here.path)).toEqual(['bundle']);
    expect(existsSync(join(here.path, 'bundle/blog.yaml'))).toBe(true);
  });

  it.skipIf(KUBECTL.length > 0)('archive builds into the objects of the version, with what it adds', async () => {
    await script('kustomize/archive/fetch.sh', ['dev', '2']);
    cpSync(join(RECIPES, 'kustomize/archive/kustomization.yaml'), join(here.path, 'kustomization.yaml'));
    const { stdout } = await built('.');
    const expected: any[] = objectsOf(await manifestsOf(2));
    for (const { metadata } of expected)
      metadata.annotations = { ...metadata.annotations, 'example.com/contact': 'platform-team' };
    expect(objectsOf(stdout)).toEqual(expected);
  });

  it.skipIf(KUBECTL.length > 0)('remote reads the URL, with the token as its password', async () => {
    const text = readFileSync(join(RECIPES, 'kustomize/remote/kustomization.yaml'), 'utf8')
      .replaceAll('https://ci:slc_...@sluice.example.com', proxy.url.replace('//', `//ci:${sluice.token}@`))
      .replaceAll('/environments/prod/bundles/7/', '/environments/dev/bundles/2/');
    expect(text).not.toContain(new URL(ADDRESS).host);
    writeFileSync(join(here.path, 'kustomization.yaml'), text);
    const { status, stdout } = await built('.');
    expect(status).toBe(0);
    expect(objectsOf(stdout)).toEqual(objectsOf(await manifestsOf(2)));
    proxy.make(at(/manifests/, (answer) => ({ ...answer, status: 401 })));
    expect((await built('.')).status).not.toBe(0);
  });
});

describe.skipIf(TOOLS.length > 0)('kubectl/apply.sh', () => {
  let cluster: Cluster;
  beforeEach(() => (cluster = standIn(here.path)));

  const apply = (...args: string[]): Promise<Ran> =>
    script('kubectl/apply.sh', ['dev', ...args], { PATH: cluster.bin });
  const namesOf = async (version: number): Promise<string[]> =>
    objectsOf(await manifestsOf(version)).map(({ metadata }: any) => `${metadata.namespace}/${metadata.name}`);

  it('applies each namespace with a set of its own, and deletes what left with its namespace', async () => {
    cluster.put('shop', 'of-someone-else');
    expect(await apply('1', 'none')).toMatchObject({ status: 0, stderr: '' });
    expect((await apply('2', '1', '--context=dev')).status).toBe(0);
    expect(cluster.names()).toEqual([...(await namesOf(2)), 'shop/of-someone-else'].sort());
    expect((await apply('1', '2')).status).toBe(0);
    expect(cluster.names()).toEqual([...(await namesOf(1)), 'shop/of-someone-else'].sort());
    const applied = cluster.calls().filter(([verb]) => verb === 'apply');
    expect(applied[0]).toEqual(
      expect.arrayContaining(['--prune', '--applyset=configmaps/sluice-dev', '--namespace=shop']),
    );
    expect(cluster.calls().filter((call) => call.includes('--context=dev'))).toHaveLength(2);
  });

  it('ends where kubectl fails, before anything is deleted', async () => {
    await apply('2', 'none');
    cluster.failAt('--namespace=shop');
    expect((await apply('1', '2')).status).not.toBe(0);
    expect(cluster.names()).toContain('blog/default-deny-all');
  });

  it('gives kubectl nothing that was tampered with', async () => {
    proxy.make(tampered);
    expect(await apply('2', 'none')).toMatchObject({ status: 1, stderr: expect.stringContaining('refused') });
    expect(cluster.calls()).toEqual([]);
  });
});
