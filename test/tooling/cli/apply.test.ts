import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isDefaultDeny } from '../../../src/domain/plan/selection.js';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { type Around, runCli } from '../../support/cli.js';
import { labelledFor, makeRelease, RELEASE_KEY } from '../../support/releases.js';
import { type StandInKubectl, standInKubectl } from '../../support/stand-in-kubectl.js';
import { type StandInRegistry, startStandIn } from '../../support/stand-in-registry.js';
import { allow, deny } from '../../domain/plan/objects.js';

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);
const log = allow('log', { app: 'log' }, ['db'], 'zoo');
const VERSIONS = [
  [web, deny()],
  [web, db, deny(), log, deny('zoo')],
  [{ ...web, spec: { ...web.spec, podSelector: { matchLabels: { app: 'www' } } } }, deny()],
];
const ours = (policy: NetworkPolicy) => labelledFor('dev', policy);
const names = (objects: readonly NetworkPolicy[]) =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();

let registry: StandInRegistry;
let kubectl: StandInKubectl;
let home = '';
let run = 0;
beforeAll(async () => {
  registry = await startStandIn();
  home = mkdtempSync(join(tmpdir(), 'sluice-apply-'));
  registry.releases = VERSIONS.map((policies, at) => makeRelease(at + 1, policies));
});
afterAll(async () => {
  await registry.close();
  rmSync(home, { recursive: true });
});
beforeEach(() => {
  kubectl = standInKubectl(join(home, `kubectl-${(run += 1)}`));
});

const out = () => join(home, `dev-${run}`);
const env = () => ({
  ...{ SLUICE_URL: registry.url, SLUICE_TOKEN: 'slc_test', HOME: home, SLUICE_KEY: RELEASE_KEY.publicPem },
  PATH: `${kubectl.folder}:${process.env['PATH'] ?? ''}`,
});
const sluice = (words: readonly string[], around: Around = {}) => runCli(words, { env: env(), ...around });
const pull = (version: number) => sluice(['pull', `dev@${version}`, '-o', out()]);
const apply = (words: readonly string[] = ['--yes'], around: Around = {}) => sluice(['apply', out(), ...words], around);

/** The calls that changed something, as the words behind kubectl. */
const writes = () => kubectl.calls().filter(({ args }) => args[0] !== 'get');

/** At each moment: where a default deny is, every allow object that is to be there is there. */
function expectNoCut(wanted: readonly NetworkPolicy[]): void {
  for (const { args, objects } of kubectl.calls())
    for (const one of objects.filter(isDefaultDeny))
      for (const object of wanted.filter((policy) => policy.metadata.namespace === one.metadata.namespace))
        expect(names(objects), args.join(' ')).toContain(names([object])[0]);
}

describe('sluice apply', () => {
  test('a first time: allows first, the default deny last, by server-side apply as sluice', async () => {
    await pull(2);
    const ran = await apply();
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/^1\/5 create [^]*Done: the cluster has dev version 2.\n$/);
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[1]!));
    expect(writes()).toHaveLength(5);
    for (const { args } of writes())
      expect(args).toEqual(['apply', '--server-side', '--field-manager=sluice', '--filename=-']);
    expectNoCut(VERSIONS[1]!);
    const again = await apply([]);
    expect(again).toMatchObject({ code: 0, out: 'The cluster has dev version 2.\n' });
    expect(writes()).toHaveLength(5);
  });

  test('an environment is pulled first', async () => {
    registry.latest = 2;
    const ran = await sluice(['apply', 'dev', '-o', out(), '--yes', '--format', 'json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({
      outcome: 'applied',
      environment: 'dev',
      version: 2,
      done: 5,
      foreign: [],
    });
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[1]!));
  });

  test('from what is there: surplus stays without --prune, and goes with it, the default deny before its allows', async () => {
    kubectl.set(VERSIONS[1]!.map(ours));
    await pull(1);
    const kept = await apply();
    expect(kept).toMatchObject({ code: 0, out: 'The cluster has dev version 1.\n' });
    expect(kept.err).toContain(
      'kept without --prune: shop/allow-db-ingress, zoo/allow-log-ingress, zoo/default-deny-all',
    );
    expect((await apply(['--yes', '--prune'])).code).toBe(0);
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[0]!));
    const deleted = writes().map(({ args }) => args[1]?.split('/').at(-1));
    expect(deleted.indexOf('default-deny-all')).toBeLessThan(deleted.indexOf('allow-log-ingress'));
  });

  test('never touches what is not its own', async () => {
    const strangers = [
      { ...allow('old', { app: 'old' }, []), manager: 'sluice' }, // no labels of ours
      { ...ours(allow('gone', { app: 'gone' }, [])), manager: 'kubectl' }, // our labels, written by someone
      { ...labelledFor('prod', allow('prod', { app: 'prod' }, [])), manager: 'sluice' }, // another environment's
    ];
    kubectl.set(strangers);
    const before = kubectl.objects();
    await pull(1);
    const ran = await apply(['--yes', '--prune']);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('were not applied by sluice, and are left alone: shop/allow-gone-ingress');
    expect(kubectl.objects()).toEqual(expect.arrayContaining(before));
  });

  test('an object of someone else under a name of the version: nothing is done, until it is said to be taken', async () => {
    const foreign = { ...allow('web', { app: 'mine' }, []), manager: 'helm' };
    kubectl.set([foreign]);
    const before = kubectl.objects();
    await pull(1);
    expect(await apply()).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('shop/allow-web-ingress is there'),
    });
    expect(writes()).toEqual([]);
    expect(kubectl.objects()).toEqual(before);
    expect((await apply(['--yes', '--force-conflicts'])).code).toBe(0);
    const applied = writes().filter(({ args }) => args[0] === 'apply');
    expect(applied.every(({ args }) => args.includes('--force-conflicts'))).toBe(true);
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[0]!));
  });

  test('what an earlier version had is its own, whoever applied it: versions in the folder, or one that is named', async () => {
    kubectl.set(VERSIONS[1]!.map((policy) => ({ ...ours(policy), manager: 'kustomize-controller' })));
    await pull(1);
    const doubtful = await apply(['--dry-run', '--prune']);
    expect(doubtful).toMatchObject({ code: 1, err: expect.stringContaining('is there and is not of this') });
    await sluice(['pull', 'dev@2', '-o', join(home, `other-${run}`)]);
    const named = await apply(['--dry-run', '--prune', '--previous', join(home, `other-${run}`)]);
    expect(named.out).toContain('delete zoo/default-deny-all');
    await pull(2);
    await pull(1);
    expect((await apply(['--yes', '--prune'])).code).toBe(0);
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[0]!));
  });

  test('a field that someone else changed since: the server refuses, and it stops there', async () => {
    await pull(1);
    await apply();
    const [first, ...others] = kubectl.objects();
    const spec = { ...first!.spec, podSelector: { matchLabels: { app: 'changed' } } };
    const managedFields = [...first!.metadata.managedFields, { manager: 'kubectl-edit', operation: 'Update' }];
    writeFileSync(
      join(kubectl.folder, 'objects.json'),
      JSON.stringify([{ ...first!, spec, metadata: { ...first!.metadata, managedFields } }, ...others]),
    );
    const ran = await apply();
    expect(ran).toMatchObject({
      code: 2,
      err: expect.stringMatching(/conflict with "kubectl-edit"[^]*0 of \d+ steps are done/),
    });
  });

  test('stops at the first failure, says where, and goes on from there', async () => {
    await pull(2);
    kubectl.failAt('allow-log-ingress');
    const ran = await apply(['--yes', '--format', 'json']);
    expect(ran.code).toBe(2);
    const { outcome, done, steps, why } = JSON.parse(ran.out);
    expect([outcome, steps.length]).toEqual(['failed', 5]);
    expect(why).toMatch(new RegExp(`^step ${done + 1} of 5: kubectl apply: error: it fails at`));
    expect(kubectl.objects()).toHaveLength(done);
    expectNoCut(VERSIONS[1]!);
    kubectl.failAt('');
    expect((await apply()).code).toBe(0);
    expectNoCut(VERSIONS[1]!);
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[1]!));
  });

  test.each([
    ['before', 'shop/allow-db-ingress is not the object that was planned to go'],
    ['after', 'the UID in the precondition does not match'],
  ] as const)(
    'an object that is replaced %s it is looked at for the last time is left alone',
    async (when, message) => {
      kubectl.set(VERSIONS[1]!.map(ours));
      await pull(1);
      kubectl.swapAt('allow-db-ingress', when);
      const ran = await apply(['--yes', '--prune']);
      expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(message) });
      expect(names(kubectl.objects())).toContain('shop/allow-db-ingress');
    },
  );

  test('copies that an ended run left go, and do not meet those of this run', async () => {
    const copy = ours({ ...web, metadata: { ...web.metadata, name: 'allow-web-ingress.before' } });
    kubectl.set([ours(VERSIONS[2]![0]!), copy]);
    await pull(1);
    expect((await apply()).code).toBe(0);
    const seen = new Set(kubectl.calls().flatMap(({ objects }) => names(objects)));
    expect(seen).toContain('shop/allow-web-ingress.before.2');
    expect(names(kubectl.objects())).toEqual(names(VERSIONS[0]!));
  });

  test('--dry-run prints the steps and does nothing: 1 where there are any', async () => {
    await pull(1);
    const ran = await apply(['--dry-run']);
    expect(ran).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^1\/2 create shop\/allow-web-ingress: [^]*\n2\/2 create shop\/default-deny-all: /),
    });
    expect(writes()).toEqual([]);
    kubectl.set(VERSIONS[0]!.map(ours));
    expect(await apply(['--dry-run'])).toMatchObject({ code: 0 });
  });

  test('asks at a terminal, and refuses where there is none', async () => {
    await pull(1);
    expect(await apply([])).toMatchObject({ code: 2, err: expect.stringContaining('say --yes') });
    expect(await apply([], { terminal: ['in'], answers: ['n'] })).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing was done'),
    });
    expect(writes()).toEqual([]);
    expect((await apply(['--context', 'dev cluster'], { terminal: ['in'], answers: ['y'] })).code).toBe(0);
    expect(kubectl.calls().at(-1)?.args).toContain('--context=dev cluster');
  });

  test('what does not verify is not applied', async () => {
    await pull(1);
    writeFileSync(join(out(), 'current/manifests/shop.yaml'), '');
    expect(await apply()).toMatchObject({
      code: 1,
      err: expect.stringContaining('manifests/shop.yaml is not as it was published'),
    });
    await sluice(['pull', 'dev@1', '-o', join(home, 'kept')]);
    registry.twist = () => undefined;
    const away = await sluice(['apply', 'dev', '-o', join(home, 'kept'), '--yes']);
    registry.twist = (_path, reply) => reply;
    expect(away).toMatchObject({
      code: 2,
      err: expect.stringContaining(`sluice apply ${join(home, 'kept')} takes the version`),
    });
    expect(kubectl.calls()).toEqual([]);
  });

  test('cannot tell: no kubectl, one that says nothing that can be read, one that fails', async () => {
    await pull(1);
    expect(await apply(['--yes', '--kubectl', join(home, 'none')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be run (ENOENT)'),
    });
    expect(await apply(['--yes', '--kubectl', '/bin/echo'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no JSON'),
    });
    kubectl.failAt('get');
    expect(await apply()).toMatchObject({
      code: 2,
      err: expect.stringContaining('kubectl get: error: it fails at get'),
    });
    expect(await apply(['--yes', '--cluster', 'Bad Name'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--cluster'),
    });
  });
});
