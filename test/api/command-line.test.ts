import { createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Around, runCli } from '../support/cli.js';
import { fixedKey } from '../support/fixed-keys.js';
import { loadShop } from '../support/shop.js';
import { standInKubectl, type StandInKubectl } from '../support/stand-in-kubectl.js';

const [release, attestation, stranger] = ['release', 'attestation', 'stranger'].map((name) => fixedKey(name));
const ring = (key: typeof release) => {
  const { publicPem, signer } = key!;
  const { x = '', y = '' } = createPublicKey(publicPem).export({ format: 'jwk' });
  const name = Buffer.from(signer.hint, 'base64').toString('base64url');
  return { signers: [signer], published: [{ hint: signer.hint, name, pem: publicPem, x, y }] };
};

let sluice: TestApp;
let kubectl: StandInKubectl;
let home = '';
beforeAll(async () => {
  sluice = await startTestApp({ keys: new SigningKeys(ring(release), ring(attestation)) });
  await loadShop(sluice.app);
  home = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  kubectl = standInKubectl(join(home, 'bin'));
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
  rmSync(home, { recursive: true });
});

const FILE = () => join(home, 'config/sluice/login.json');
const env = () => ({
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  PATH: `${kubectl.folder}:${process.env['PATH'] ?? ''}`,
});
const run = (line: string, around: Around = {}) =>
  runCli(
    line.split(' ').map((word) => word.replace(/^@/, `${home}/`)),
    { env: env(), ...around },
  );
const json = async (line: string) => {
  const ran = await run(`${line} --format json`);
  return { code: ran.code, ...JSON.parse(ran.out) };
};

describe('sluice login', () => {
  const login = (words = '', around: Around = {}) =>
    run(`login ${sluice.url}${words}`, { input: `${sluice.token}\n`, ...around });

  test('keeps token and keys for its owner alone, and says what it trusts', async () => {
    const ran = await login(' --token-stdin');
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Trusted from now on, as the server shows them:\n  key ${release!.signer.hint}\n`),
    });
    expect(statSync(FILE()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'config/sluice')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(FILE(), 'utf8')).servers[sluice.url]).toEqual({
      token: sluice.token,
      keys: [release!.publicPem],
    });
    expect(ran.out + ran.err).not.toContain(sluice.token);
  });

  test('asks at a terminal, and refuses a token that the server does not know', async () => {
    expect((await login('', { terminal: ['in'], answers: [sluice.token] })).code).toBe(0);
    const before = readFileSync(FILE(), 'utf8');
    const wrong = await login(' --token-stdin', { input: 'slc_wrong' });
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('(401)') });
    expect(await login()).toMatchObject({ code: 2, err: expect.stringContaining('--token-stdin') });
    expect(readFileSync(FILE(), 'utf8')).toBe(before);
  });

  test('other keys than those that are pinned are refused, until they are said to be taken', async () => {
    const logins = JSON.parse(readFileSync(FILE(), 'utf8'));
    logins.servers[sluice.url].keys = [stranger!.publicPem];
    writeFileSync(FILE(), JSON.stringify(logins));
    const ran = await login(' --token-stdin');
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(/shows keys that were not pinned before[^]*--replace-keys/),
    });
    expect(JSON.parse(readFileSync(FILE(), 'utf8'))).toEqual(logins);
    expect((await run('logout')).code).toBe(0);
    expect((await login(' --token-stdin')).code).toBe(1); // the pin outlives the token
    expect((await login(' --token-stdin --replace-keys')).code).toBe(0);
    expect(JSON.parse(readFileSync(FILE(), 'utf8')).servers[sluice.url].keys).toEqual([release!.publicPem]);
  });

  test('a given key is pinned, whatever the server shows', async () => {
    writeFileSync(join(home, 'given.pub'), stranger!.publicPem);
    const config = { ...env(), XDG_CONFIG_HOME: join(home, 'other-config') };
    const ran = await login(' --token-stdin --key @given.pub'.replace('@', `${home}/`), { env: config });
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(`Pinned:\n  key ${stranger!.signer.hint}`) });
    expect(await run('pull dev -o @never', { env: config })).toMatchObject({
      code: 1,
      err: expect.stringContaining('no signature is of the key'),
    });
    expect(existsSync(join(home, 'never'))).toBe(false);
    await run('logout --forget-keys', { env: config });
    expect(existsSync(join(home, 'other-config/sluice/login.json'))).toBe(false);
  });

  test('a file that others can read, a kept token for another server: refused', async () => {
    writeFileSync(join(home, 'open.json'), '{}');
    const config = { ...env(), SLUICE_URL: 'http://127.0.0.1:9' };
    expect(await run('status', { env: config })).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no token for http://127.0.0.1:9'),
    });
    const { chmodSync } = await import('node:fs');
    chmodSync(FILE(), 0o644);
    expect(await run('status')).toMatchObject({
      code: 2,
      err: expect.stringContaining('can be read by others: chmod 600'),
    });
    chmodSync(FILE(), 0o600);
  });

  test.each(['sluice.example.com', 'ftp://a', 'https://u:p@a', 'https://a/b', 'https://a?b'])(
    'no address: %s',
    async (url) => {
      expect(await run(`login ${url} --token-stdin`, { input: 'x' })).toMatchObject({
        code: 2,
        err: expect.stringContaining('is no address of a server'),
      });
    },
  );
});

describe('a version on its way', () => {
  test('published, told apart, planned, pulled, verified, applied, and seen on the board', async () => {
    const flow = {
      name: 'frontend-to-database',
      from: { tier: 'shop/frontend' },
      to: { tier: 'shop/database' },
      ports: ['mysql'],
    };
    expect(await run('publish dev --dry-run')).toMatchObject({ code: 0, out: 'No change in who may talk to whom.\n' });
    await sluice.request.post('/v1/flows').send(flow).expect(201);
    const dry = await run('publish dev --dry-run');
    expect(dry).toMatchObject({ code: 1, out: expect.stringMatching(/^\+ shop\/frontend -> shop\/database TCP 3306/) });
    expect((await run('pull dev -o @dev')).code).toBe(0);
    expect(await json('publish dev --message database --expected-version 1')).toMatchObject({
      code: 0,
      created: true,
      version: 2,
    });
    expect(await json('publish dev')).toMatchObject({ code: 0, created: false, version: 2 });
    expect(await run('publish dev --expected-version 1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('(409)'),
    });

    const diff = await run('diff dev');
    expect(diff).toMatchObject({ code: 1, out: dry.out });
    expect(await run('diff dev --folder @dev')).toMatchObject({ code: 1, out: dry.out });
    expect(await json('diff dev 2 latest')).toMatchObject({ code: 0, connections: [] });
    expect((await run('diff dev 1', { terminal: ['out'] })).out).toContain('\u001b[32m+ shop/frontend');
    expect((await run('diff dev 1', { terminal: ['out'], env: { ...env(), NO_COLOR: '1' } })).out).toBe(dry.out);
    expect(await run('diff dev 7')).toMatchObject({ code: 2, err: expect.stringContaining('(404)') });

    expect((await run('plan dev --from 1')).out).toMatch(
      /^1\/2 change shop\/allow-frontend-egress: |^1\/2 change shop\/allow-database-ingress: /,
    );
    expect((await run('plan dev --from 1 --format sh')).out).toMatch(/^#!\/bin\/sh\n/);
    expect((await json('plan dev --from latest')).steps).toEqual([]);

    await sluice.request
      .put('/v1/environments/dev/tags/approved')
      .set('if-none-match', '*')
      .send({ version: 1 })
      .expect(201);
    expect((await json('pull dev@approved -o @tagged')).version).toBe(1);
    expect(await run('pull dev@unknown -o @tagged')).toMatchObject({ code: 2 });

    expect(await json('pull dev -o @dev')).toMatchObject({ code: 0, outcome: 'pulled', version: 2 });
    expect(await run('verify @dev')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^dev version 2, 7 objects, sha256:/),
    });
    expect(await json('apply @dev --yes --cluster eu-1')).toMatchObject({ code: 0, outcome: 'applied', version: 2 });
    expect(kubectl.objects()).toHaveLength(7);
    kubectl.failAt('delete');
    expect((await run('apply @tagged --yes --cluster eu-2')).code).toBe(0);
    const board = await run('status dev -o @dev');
    expect(board.code).toBe(1);
    expect(board.out).toMatch(
      /^dev: version 2, published less than a minute ago by admin\npulled here: version 2, pulled/,
    );
    expect(board.out).toMatch(/\neu-1 +2 +less than a minute +0 +applied 2, /);
    expect(board.out).toMatch(/\neu-2 +1 +less than a minute +1 +applied 1, /);
    expect(await run('status')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ENVIRONMENT +LATEST[^]*\ndev +2 +- +2 +1\nprod +-/),
    });
  });

  test('a report of a failure, and a server that does not take it', async () => {
    kubectl.failAt('allow-');
    await sluice.request.delete('/v1/environments/dev/deployments/eu-1').expect(204);
    kubectl.set([]);
    const failed = await run('apply @dev --yes --cluster eu-1');
    expect(failed).toMatchObject({
      code: 2,
      err: expect.stringMatching(/step 1 of 7: kubectl apply: [^]*0 of 7 steps are done/),
    });
    const { body } = await sluice.request.get('/v1/environments/dev/deployments/eu-1').expect(200);
    expect(body.lastReport).toMatchObject({
      result: 'failed',
      version: 2,
      message: expect.stringContaining('step 1 of 7'),
    });
    kubectl.failAt('');
    const token = { ...env(), SLUICE_URL: sluice.url, SLUICE_TOKEN: 'slc_wrong', SLUICE_KEY: release!.publicPem };
    const unheard = await run('apply @dev --yes --cluster eu-1', { env: token });
    expect(unheard).toMatchObject({
      code: 2,
      err: expect.stringContaining('the report of cluster eu-1 was not taken'),
    });
    expect(kubectl.objects()).toHaveLength(7);
  });

  test('what the server refuses, in its own words', async () => {
    const { body } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'ci', scopes: ['read'], environment: 'prod' })
      .expect(201);
    const token = { ...env(), SLUICE_URL: sluice.url, SLUICE_TOKEN: body.token };
    expect(await run('publish dev', { env: token })).toMatchObject({ code: 2, err: expect.stringContaining('(403)') });
    const message = 'x'.repeat(2_000);
    const two = await runCli(['publish', 'dev', '--message', message, '--expected-version', '999999999'], {
      env: env(),
    });
    expect(two).toMatchObject({ code: 2, out: '', err: expect.stringContaining('/message') });
  });
});
