import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folder, missing, type Ran, run } from '../recipes/run.js';
import { untar } from '../api/untar.js';
import type { TestApp } from '../support/app.js';
import { at, having, type MutatingProxy, startMutatingProxy, tampered } from '../support/mutating-proxy.js';
import { basic } from '../support/wire.js';
import { release, startPublished, stranger } from './estate.js';

/** The clients themselves, where they are: `.ci/clients` brings some. test/api/registry.test.ts has what skopeo does by itself. */
const ABSENT = `sha256:${'0'.repeat(64)}`;
const without = (...programs: string[]): boolean =>
  missing(`pulling with ${programs[0] ?? ''}`, ...programs).length > 0;

let sluice: TestApp;
let proxy: MutatingProxy;
let here: ReturnType<typeof folder>;
let host: string;
let digest: string;

beforeAll(async () => {
  sluice = await startPublished();
  proxy = await startMutatingProxy(sluice.url);
  host = new URL(proxy.url).host;
  const { headers } = await sluice.request.get('/v2/sluice/dev/manifests/latest').expect(200);
  digest = String(headers['docker-content-digest']);
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

const client = (program: string, ...args: string[]): Promise<Ran> => run(program, args, { cwd: here.path });
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const archive = at(/\/blobs\//, (answer, asked) => (answer.bytes[0] === 0x1f ? tampered(answer, asked) : answer));

async function manifests(): Promise<Buffer> {
  const { text } = await sluice.request.get('/v1/environments/dev/bundles/latest/manifests.yaml').expect(200);
  return Buffer.from(text);
}

describe.skipIf(without('skopeo'))('skopeo', () => {
  const copy = (reference: string, token = sluice.token, to = `dir:${join(here.path, 'image')}`): Promise<Ran> =>
    client(
      'skopeo',
      'copy',
      '--insecure-policy',
      '--src-tls-verify=false',
      '--src-creds',
      `ci:${token}`,
      `docker://${host}/sluice/dev${reference}`,
      to,
    );

  it('copies by tag and by digest the bytes that are signed, and lists the tags', async () => {
    for (const reference of [':latest', `@${digest}`]) {
      expect(await copy(reference)).toMatchObject({ status: 0, stderr: '' });
      expect(sha256(readFileSync(join(here.path, 'image/manifest.json')))).toBe(digest);
    }
    const raw = await client(
      'skopeo',
      'inspect',
      '--raw',
      '--tls-verify=false',
      '--creds',
      `ci:${sluice.token}`,
      `docker://${host}/sluice/dev:v2`,
    );
    expect(sha256(Buffer.from(raw.stdout))).toBe(digest);
    const listed = await client(
      'skopeo',
      'list-tags',
      '--tls-verify=false',
      '--creds',
      `ci:${sluice.token}`,
      `docker://${host}/sluice/dev`,
    );
    expect(JSON.parse(listed.stdout).Tags).toEqual(['1.0.1', '1.0.2', 'latest', 'v1', 'v2']);
  });

  it('refuses a wrong token, a digest that is not there, and an archive that was tampered with', async () => {
    expect((await copy(':latest', 'wrong')).status).not.toBe(0);
    expect((await copy(`@${ABSENT}`)).stderr).toContain('manifest unknown');
    proxy.make(archive);
    expect((await copy(':latest')).status).not.toBe(0);
    proxy.make(at(/\/manifests\//, tampered));
    expect((await copy(`@${digest}`)).status).not.toBe(0);
  });

  /** What registry-clients.ts says of it. Other versions have other rules. */
  it('1.9 refuses a manifest that is called plain JSON, and takes one with a charset', async ({ skip }) => {
    if (!/version 1\.9\./.test((await client('skopeo', '--version')).stdout)) return skip('it is another version');
    const called = (type: string) => proxy.make(at(/\/manifests\//, having('content-type', type)));
    called('application/json');
    expect((await copy(':latest')).stderr).toContain('unsupported schema version 2');
    called('application/vnd.oci.image.manifest.v1+json; charset=utf-8');
    expect((await copy(':latest')).status).toBe(0);
  });

  it.skipIf(without('umoci', 'skopeo'))('and umoci unpack it into the files of the archive', async () => {
    expect(await copy(':latest', sluice.token, `oci:${join(here.path, 'layout')}:latest`)).toMatchObject({ status: 0 });
    const unpacked = await client(
      'umoci',
      'unpack',
      '--rootless',
      '--image',
      `${join(here.path, 'layout')}:latest`,
      join(here.path, 'bundle'),
    );
    expect(unpacked.status).toBe(0);
    expect(readdirSync(join(here.path, 'bundle/rootfs')).sort()).toEqual([
      'blog.yaml',
      'kustomization.yaml',
      'shop.yaml',
    ]);
  });
});

describe.skipIf(without('oras'))('oras', () => {
  const pull = (reference: string, token = sluice.token): Promise<Ran> =>
    client('oras', 'pull', '--plain-http', '-u', 'ci', '-p', token, `${host}/sluice/dev${reference}`);

  it('pulls the archive by tag and by digest, and refuses what it should', async () => {
    for (const reference of [':1.0.2', `@${digest}`]) expect((await pull(reference)).status).toBe(0);
    const files = untar(gunzipSync(readFileSync(join(here.path, 'bundle.tar.gz'))));
    expect(files.map(({ name }) => name)).toEqual(['blog.yaml', 'kustomization.yaml', 'shop.yaml']);
    expect((await pull(':latest', 'wrong')).status).not.toBe(0);
    proxy.make(archive);
    expect((await pull(':1.0.1')).status).not.toBe(0);
  });
});

/** Both read credentials from a file of docker's, and speak plain HTTP with localhost. */
function dockerConfig(): Record<string, string> {
  const auth = basic(sluice.token).slice('Basic '.length);
  mkdirSync(join(here.path, '.docker'), { recursive: true });
  const name = host.replace('127.0.0.1', 'localhost');
  writeFileSync(
    join(here.path, '.docker/config.json'),
    JSON.stringify({ auths: { [name]: { auth }, [host]: { auth } } }),
  );
  return { DOCKER_CONFIG: join(here.path, '.docker') };
}

describe.skipIf(without('crane'))('crane', () => {
  it('validates an image, and refuses one whose archive was tampered with', async () => {
    const validate = (): Promise<Ran> =>
      run('crane', ['validate', '--insecure', '--remote', `${host}/sluice/dev:latest`], {
        cwd: here.path,
        env: dockerConfig(),
      });
    expect((await validate()).status).toBe(0);
    proxy.make(archive);
    expect((await validate()).status).not.toBe(0);
  });
});

describe.skipIf(without('cosign'))('cosign', () => {
  it('verifies with the release key, and with no other', async () => {
    for (const [name, { publicPem }] of Object.entries({ release, stranger }))
      writeFileSync(join(here.path, `${name}.pub`), publicPem);
    const verify = (key: string): Promise<Ran> =>
      run(
        'cosign',
        [
          'verify',
          '--key',
          `${key}.pub`,
          '--insecure-ignore-tlog=true',
          '--allow-http-registry',
          `${host}/sluice/dev@${digest}`,
        ],
        {
          cwd: here.path,
          env: dockerConfig(),
        },
      );
    expect((await verify('release')).status).toBe(0);
    expect((await verify('stranger')).status).not.toBe(0);
  });
});

describe.skipIf(without('openssl', 'curl'))('openssl', () => {
  it('verifies what cosign would, with the key that the server publishes and with no other', async () => {
    const fetch = async (path: string, file: string): Promise<void> => {
      const { status } = await client('curl', '-fsS', '-u', `ci:${sluice.token}`, '-o', file, `${proxy.url}/${path}`);
      expect(status).toBe(0);
    };
    await fetch(`v2/sluice/dev/manifests/${digest.replace(':', '-')}.sig`, 'signatures.json');
    const [{ digest: payload, annotations }] = JSON.parse(
      readFileSync(join(here.path, 'signatures.json'), 'utf8'),
    ).layers;
    writeFileSync(
      join(here.path, 'signature'),
      Buffer.from(annotations['dev.cosignproject.cosign/signature'], 'base64'),
    );
    await fetch(`v2/sluice/dev/blobs/${payload}`, 'payload.json');
    await fetch('.well-known/sluice/cosign.pub', 'release.pub');
    writeFileSync(join(here.path, 'stranger.pub'), stranger.publicPem);
    const verify = (key: string): Promise<Ran> =>
      client('openssl', 'dgst', '-sha256', '-verify', `${key}.pub`, '-signature', 'signature', 'payload.json');
    expect(await verify('release')).toMatchObject({ status: 0, stdout: 'Verified OK\n' });
    expect((await verify('stranger')).status).not.toBe(0);
    writeFileSync(
      join(here.path, 'payload.json'),
      readFileSync(join(here.path, 'payload.json'), 'utf8').replace('"dev"', '"prod"'),
    );
    expect((await verify('release')).status).not.toBe(0);
  });
});

/** Several gzip members would end after the first for both: delivery needs exactly one. */
describe('what unpacks a content coding', () => {
  it.skipIf(without('curl')).each([[], ['--compressed']])('curl %s', async (...flags) => {
    const file = join(here.path, 'bundle.yaml');
    const url = `${proxy.url}/v1/environments/dev/bundles/latest/manifests`;
    expect((await client('curl', '-fsS', ...flags, '-u', `ci:${sluice.token}`, '-o', file, url)).status).toBe(0);
    expect(readFileSync(file).equals(await manifests())).toBe(true);
  });

  it.skipIf(without('wget')).each(['none', 'gzip'])('wget --compression=%s', async (compression) => {
    const file = join(here.path, 'bundle.yaml');
    const url = `${proxy.url}/v1/environments/dev/bundles/latest/manifests`;
    const auth = ['--auth-no-challenge', '--user=ci', `--password=${sluice.token}`];
    const { status, stderr } = await client('wget', '-q', `--compression=${compression}`, ...auth, '-O', file, url);
    if (/unrecognized option|compression/.test(stderr)) return; // one that was built without zlib
    expect(status).toBe(0);
    expect(readFileSync(file).equals(await manifests())).toBe(true);
  });
});
