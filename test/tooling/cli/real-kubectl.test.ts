import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.js';
import { makeRelease, RELEASE_KEY } from '../../support/releases.js';
import { type StandInCluster, startCluster } from '../../support/stand-in-cluster.js';
import { type StandInRegistry, startStandIn } from '../../support/stand-in-registry.js';
import { allow, deny } from '../../domain/plan/objects.js';

const HAS = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
const because = HAS ? '' : ' (skipped: there is no kubectl here)';
const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);

let registry: StandInRegistry;
let cluster: StandInCluster;
let home = '';
beforeAll(async () => {
  registry = await startStandIn();
  cluster = await startCluster();
  home = mkdtempSync(join(tmpdir(), 'sluice-kubectl-'));
  registry.releases = [makeRelease(1, [web, db, deny()]), makeRelease(2, [web, deny()])];
  const config = `apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "${cluster.url}"}}]
users: [{name: test, user: {}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
`;
  writeFileSync(join(home, 'kubeconfig'), config);
});
afterAll(async () => {
  await registry.close();
  await cluster.close();
  rmSync(home, { recursive: true });
});

/** The program itself, so that what is said to it is what it knows; only what is behind it is a stand-in. */
describe.runIf(HAS)(`sluice apply with the real kubectl${because}`, () => {
  const env = () => ({
    ...{ SLUICE_URL: registry.url, SLUICE_TOKEN: 'slc_test', HOME: home, SLUICE_KEY: RELEASE_KEY.publicPem },
    PATH: process.env['PATH'],
  });
  const apply = (version: number, ...words: string[]) =>
    runCli(
      [
        'apply',
        `dev@${version}`,
        '-o',
        join(home, 'dev'),
        '--yes',
        '--kubeconfig',
        join(home, 'kubeconfig'),
        '--context',
        'test',
        ...words,
      ],
      { env: env() },
    );

  test('applies on the server side, deletes by uid and state, and has nothing to do the second time', async () => {
    expect(await apply(1)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Done: the cluster has dev version 1.'),
    });
    expect(cluster.writes).toHaveLength(3);
    for (const { what } of cluster.writes) expect(what).toMatch(/^PATCH \S+fieldManager=sluice/);
    expect(cluster.writes.at(-1)?.what).toContain('/default-deny-all?');
    expect(await apply(1)).toMatchObject({ code: 0, out: 'The cluster has dev version 1.\n' });
    const there = cluster.objects.get('shop/networkpolicies/allow-db-ingress')!.metadata as any;
    expect((await apply(2, '--prune')).code).toBe(0);
    expect(cluster.writes).toHaveLength(4);
    expect(cluster.writes.at(-1)).toMatchObject({
      what: 'DELETE /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/allow-db-ingress',
      body: { preconditions: { uid: there.uid, resourceVersion: there.resourceVersion } },
    });
  });

  test('a cluster that is away', async () => {
    const ran = await apply(1, '--context', 'none');
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('kubectl get: ') });
  });
});
