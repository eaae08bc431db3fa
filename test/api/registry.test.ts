import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { fixedKey } from '../support/fixed-keys.js';
import { type Registry, verifyAttached, verifyImage, verifyTagged } from '../support/oci-verifier.js';
import { loadShop } from '../support/shop.js';
import { untar } from './untar.js';

const BASE = '/v1/environments/dev/bundles';
const REPOSITORY = '/v2/sluice/dev';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
const ABSENT = `sha256:${'0'.repeat(64)}`;
const [release, attestation, stranger] = ['release', 'attestation', 'stranger'].map((name) => fixedKey(name));
const ring = (key = release) => ({ signers: key ? [key.signer] : [], published: [] });

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp({ keys: new SigningKeys(ring(release), ring(attestation)) });
  await loadShop(sluice.app);
  await sluice.request.post('/v1/applications').send({ name: 'blog', team: 'demo' }).expect(201);
  const podSelector = { matchLabels: { app: 'blog' } };
  await sluice.request.post('/v1/applications/blog/tiers').send({ name: 'web', podSelector }).expect(201);
  const placement = sluice.request.put('/v1/environments/dev/placements/blog').set('if-none-match', '*');
  await placement.send({ namespace: 'blog' }).expect(201);
  await sluice.request.post(BASE).send({ message: 'the blog' }).expect(201);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
}

/** The bytes on the wire, by Basic as registry clients send it. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const authorization = `Basic ${Buffer.from(`ci:${sluice.token}`).toString('base64')}`;
  const { hostname, port } = new URL(sluice.url); // the path as it is: a URL would take its dots away
  const asked = request({ hostname, port, path, method, headers: { authorization, ...headers } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = await answer.toArray();
  return { status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) };
}

const json = ({ bytes }: Got): any => JSON.parse(bytes.toString());
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bytesAt(path: string): Promise<Buffer | undefined> {
  const { status, bytes } = await get(path);
  return status === 200 ? bytes : undefined;
}

const registry: Registry = {
  manifest: (reference) => bytesAt(`${REPOSITORY}/manifests/${reference}`),
  blob: (digest) => bytesAt(`${REPOSITORY}/blobs/${digest}`),
  referrers: (digest) => bytesAt(`${REPOSITORY}/referrers/${digest}`),
};

async function digestOf(tag: string): Promise<string> {
  return String((await get(`${REPOSITORY}/manifests/${tag}`)).headers['docker-content-digest']);
}

describe('pulling', () => {
  it.each(['/v2/', '/v2'])('%s says that there is a registry', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  it.each([
    ['latest', 'private, no-cache'],
    ['1.0.2', 'private, max-age=31536000, immutable'],
    ['v2', 'private, max-age=31536000, immutable'],
  ])('a manifest by the tag %s, and by its digest', async (tag, cacheControl) => {
    const { status, headers, bytes } = await get(`${REPOSITORY}/manifests/${tag}`, { accept: MANIFEST });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': MANIFEST, // without a charset
      'docker-content-digest': sha256(bytes),
      'content-length': String(bytes.length),
      'cache-control': cacheControl,
      etag: `"${sha256(bytes)}"`,
    });
    const byDigest = await get(`${REPOSITORY}/manifests/${sha256(bytes)}`);
    expect(byDigest.bytes.equals(bytes)).toBe(true);
    expect(byDigest.headers['content-type']).toBe(MANIFEST);
  });

  it('the image holds the archive of the version, and unpacks to what its config says', async () => {
    for (const version of [1, 2]) {
      const { manifest, tar } = await verifyImage(registry, await digestOf(`v${version}`));
      const archive = await get(`${BASE}/${version}/manifests.tar.gz`);
      expect(manifest.layers[0].digest).toBe(sha256(archive.bytes));
      expect(untar(tar).map(({ name }) => name)).toContain('kustomization.yaml');
      const { body: bundle } = await sluice.request.get(`${BASE}/${version}`).expect(200);
      expect(manifest.annotations).toMatchObject({
        'org.opencontainers.image.version': `1.0.${version}`,
        'org.opencontainers.image.revision': `dev@${bundle.digest}`,
        'org.opencontainers.image.created': bundle.publishedAt,
      });
    }
  });

  it('everything that a manifest points at can be had, the empty config too', async () => {
    expect((await get(`${REPOSITORY}/blobs/${EMPTY}`)).bytes.toString()).toBe('{}');
    const index = json(await get(`${REPOSITORY}/referrers/${await digestOf('latest')}`));
    for (const { digest, size } of index.manifests) {
      const found = await get(`${REPOSITORY}/manifests/${digest}`);
      expect([sha256(found.bytes), found.bytes.length]).toEqual([digest, size]);
      for (const described of [json(found).config, ...json(found).layers])
        expect((await get(`${REPOSITORY}/blobs/${described.digest}`)).bytes.length).toBe(described.size);
    }
  });

  it('HEAD says what GET says, without the bytes', async () => {
    const digest = await digestOf('latest');
    const { layers } = json(await get(`${REPOSITORY}/manifests/latest`));
    for (const path of [`manifests/latest`, `manifests/${digest}`, `blobs/${layers[0].digest}`]) {
      const [head, whole] = [await get(`${REPOSITORY}/${path}`, {}, 'HEAD'), await get(`${REPOSITORY}/${path}`)];
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      for (const name of ['content-length', 'content-type', 'docker-content-digest', 'etag'])
        expect(head.headers[name], name).toBe(whole.headers[name]);
    }
    expect((await get(`${REPOSITORY}/manifests/nope`, {}, 'HEAD')).status).toBe(404);
  });

  it('parts of a blob by Range; a blob that did not change is not sent', async () => {
    const { layers } = json(await get(`${REPOSITORY}/manifests/latest`));
    const path = `${REPOSITORY}/blobs/${layers[0].digest}`;
    const { bytes, headers } = await get(path);
    const part = await get(path, { range: 'bytes=10-19' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${bytes.length}`]);
    expect(part.bytes.equals(bytes.subarray(10, 20))).toBe(true);
    const rest = await get(path, { range: `bytes=${bytes.length - 5}-` });
    expect(rest.bytes.equals(bytes.subarray(-5))).toBe(true);
    const beyond = await get(path, { range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await get(path, { 'if-none-match': `W/"x", ${headers.etag}` })).status).toBe(304);
  });

  it('is not compressed on the way, whatever the client takes', async () => {
    const { headers } = await get(`${REPOSITORY}/manifests/latest`, { 'accept-encoding': 'gzip, br' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('tags', () => {
  const list = async (query = '') => get(`${REPOSITORY}/tags/list${query}`);

  it('are those of versions and latest, as ASCII sorts them, without those of signatures', async () => {
    expect(json(await list())).toEqual({ name: 'sluice/dev', tags: ['1.0.1', '1.0.2', 'latest', 'v1', 'v2'] });
  });

  it('come in pages that a Link leads through', async () => {
    const seen: string[] = [];
    for (let path: string | undefined = `${REPOSITORY}/tags/list?n=2`; path !== undefined;) {
      const page = await get(path);
      seen.push(...json(page).tags);
      path = /^<([^>]+)>; rel="next"$/.exec(String(page.headers.link ?? ''))?.[1];
    }
    expect(seen).toEqual(['1.0.1', '1.0.2', 'latest', 'v1', 'v2']);
  });

  it.each([
    ['?n=0', []],
    ['?n=100', ['1.0.1', '1.0.2', 'latest', 'v1', 'v2']],
    ['?last=latest', ['v1', 'v2']],
    ['?last=zzz', []],
    ['?last=between', ['latest', 'v1', 'v2']],
  ])('%s', async (query, tags) => {
    const page = await list(query);
    expect(json(page).tags).toEqual(tags);
    expect(page.headers.link).toBeUndefined();
  });

  it('of an environment without a version are none, not null', async () => {
    expect(json(await get('/v2/sluice/prod/tags/list'))).toEqual({ name: 'sluice/prod', tags: [] });
  });
});

describe('signatures', () => {
  it('hold, in both forms, by the release key alone', async () => {
    const digest = await digestOf('latest');
    const key = String(release?.publicPem);
    expect((await verifyTagged(registry, digest, key)).optional).toMatchObject({ environment: 'dev', version: '2' });
    await verifyAttached(registry, digest, key);
    for (const other of [attestation, stranger])
      await expect(verifyTagged(registry, digest, String(other?.publicPem))).rejects.toThrow();
    await expect(verifyAttached(registry, digest, String(stranger?.publicPem))).rejects.toThrow();
  });

  it('how a version came to be is told by the attestation key', async () => {
    const told = await verifyAttached(
      registry,
      await digestOf('latest'),
      String(attestation?.publicPem),
      'https://sluice.dev/attestations/publication/v1',
    );
    expect(told.predicate).toMatchObject({
      environment: 'dev',
      version: 2,
      message: 'the blog',
      proof: { equal: true },
    });
  });

  it('a blob that was tampered with on the way is noticed', async () => {
    const forged: Registry = {
      ...registry,
      blob: async (digest) => {
        const bytes = await registry.blob(digest);
        return bytes && Buffer.from(bytes).fill(0, -1);
      },
    };
    await expect(verifyImage(forged, await digestOf('latest'))).rejects.toThrow();
  });

  it('referrers can be asked for by type; none is an empty index', async () => {
    const digest = await digestOf('latest');
    const all = await get(`${REPOSITORY}/referrers/${digest}`);
    expect(all.headers['content-type']).toBe('application/vnd.oci.image.index.v1+json');
    expect(json(all).manifests).toHaveLength(2);
    const type = encodeURIComponent('application/vnd.dev.sigstore.bundle.v0.3+json');
    const filtered = await get(`${REPOSITORY}/referrers/${digest}?artifactType=${type}`);
    expect(filtered.headers['oci-filters-applied']).toBe('artifactType');
    expect(json(filtered).manifests).toHaveLength(2);
    expect(json(await get(`${REPOSITORY}/referrers/${digest}?artifactType=other`)).manifests).toEqual([]);
    expect(json(await get(`${REPOSITORY}/referrers/${ABSENT}`))).toMatchObject({ schemaVersion: 2, manifests: [] });
  });
});

describe('who may pull', () => {
  it.each(['/v2/', `${REPOSITORY}/manifests/latest`, '/v2/nonsense'])(
    '%s without a token is a challenge',
    async (path) => {
      const refused = await get(path, { authorization: '' });
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([
        401,
        'Basic realm="sluice", charset="UTF-8"',
      ]);
      expect(json(refused).errors[0].code).toBe('UNAUTHORIZED');
    },
  );

  it('the token flow gives a token that pulls', async () => {
    const given = json(await get('/v2/token?service=sluice&scope=repository%3Asluice%2Fdev%3Apull'));
    expect(given).toMatchObject({ expires_in: 300, access_token: given.token });
    const pulled = await get(`${REPOSITORY}/manifests/latest`, { authorization: `Bearer ${given.token}` });
    expect(pulled.status).toBe(200);
    expect((await get('/v2/token', {}, 'POST')).status).toBe(404);
  });

  it('a token of another environment is denied', async () => {
    const { body } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'elsewhere', scopes: ['read'], environment: 'prod' })
      .expect(201);
    const refused = await get(`${REPOSITORY}/tags/list`, { authorization: `Bearer ${body.secret ?? body.token}` });
    expect([refused.status, json(refused).errors[0].code]).toEqual([403, 'DENIED']);
  });
});

describe('where the service knows its address', () => {
  it('images name it, and the challenge leads to the token flow first', async () => {
    const publicUrl = 'https://sluice.example:8443';
    const keys = new SigningKeys(ring(release), ring(attestation));
    const known = await startTestApp({ keys, publicUrl });
    await loadShop(known.app);
    const refused = await known.as(undefined).get('/v2/').expect(401);
    expect(refused.headers['www-authenticate']).toBe(
      `Bearer realm="${publicUrl}/v2/token",service="sluice", Basic realm="sluice", charset="UTF-8"`,
    );
    const { body } = await known.request.get(`${REPOSITORY}/manifests/latest`).expect(200);
    expect(body.annotations['org.opencontainers.image.source']).toBe(`${publicUrl}/v1/environments/dev`);
    await known.close();
  });
});

describe('refused in the form of the specification', () => {
  it.each([
    ['GET', `${REPOSITORY}/manifests/v3`, 404, 'MANIFEST_UNKNOWN'],
    ['GET', `${REPOSITORY}/manifests/v01`, 404, 'MANIFEST_UNKNOWN'],
    ['GET', `${REPOSITORY}/manifests/${ABSENT}`, 404, 'MANIFEST_UNKNOWN'],
    ['GET', `${REPOSITORY}/manifests/${EMPTY}`, 404, 'MANIFEST_UNKNOWN'],
    ['GET', `${REPOSITORY}/manifests/sha512:00`, 400, 'DIGEST_INVALID'],
    ['GET', `${REPOSITORY}/blobs/${ABSENT}`, 404, 'BLOB_UNKNOWN'],
    ['GET', `${REPOSITORY}/blobs/latest`, 400, 'DIGEST_INVALID'],
    ['GET', `${REPOSITORY}/referrers/sha256:12`, 400, 'DIGEST_INVALID'],
    ['GET', `${REPOSITORY}/tags/list?n=-1`, 400, 'PAGINATION_NUMBER_INVALID'],
    ['GET', '/v2/sluice/nowhere/tags/list', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/sluice/nowhere/manifests/latest', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/other/dev/tags/list', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/sluice/Dev/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v2/sluice/%2e%2e/dev/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v2/sluice/../dev/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v2/_catalog', 404, 'UNSUPPORTED'],
    ['PUT', `${REPOSITORY}/manifests/v3`, 405, 'UNSUPPORTED'],
    ['POST', `${REPOSITORY}/blobs/uploads/`, 405, 'UNSUPPORTED'],
    ['PATCH', `${REPOSITORY}/blobs/uploads/1`, 405, 'UNSUPPORTED'],
    ['DELETE', `${REPOSITORY}/manifests/${ABSENT}`, 405, 'UNSUPPORTED'],
  ])('%s %s', async (method, path, status, code) => {
    const refused = await get(path, {}, method);
    expect([refused.status, json(refused).errors[0].code]).toEqual([status, code]);
    expect(refused.headers['content-type']).toBe('application/json');
    if (status === 405) expect(refused.headers.allow).toBe('GET, HEAD');
  });

  it('what is in another environment is not found in this one', async () => {
    await sluice.request.post('/v1/environments/staging/bundles').send({}).expect(201);
    const { config } = json(await get('/v2/sluice/staging/manifests/latest'));
    expect((await get(`/v2/sluice/staging/blobs/${config.digest}`)).status).toBe(200);
    expect((await get(`${REPOSITORY}/blobs/${config.digest}`)).status).toBe(404);
  });
});

const SKOPEO = spawnSync('skopeo', ['--version']).status === 0;
if (!SKOPEO) console.log('skipped: pulling with skopeo, as it is not on this machine');

describe.skipIf(!SKOPEO)('skopeo', () => {
  interface Run {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }

  /** Not spawnSync: this process has the server. */
  async function skopeo(...words: string[]): Promise<Run> {
    const child = spawn('skopeo', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [status]] = await Promise.all([
      child.stdout.toArray(),
      child.stderr.toArray(),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  }
  const image = (reference: string): string => `docker://${new URL(sluice.url).host}/sluice/dev${reference}`;
  const inspect = (reference: string, token = sluice.token): Promise<Run> =>
    skopeo('inspect', '--tls-verify=false', '--creds', `ci:${token}`, image(reference));

  it('inspects by tag and by digest', async () => {
    const digest = await digestOf('latest');
    for (const reference of [':latest', ':1.0.2', `@${digest}`]) {
      const { stdout, stderr } = await inspect(reference);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ Digest: digest, RepoTags: ['1.0.1', '1.0.2', 'latest', 'v1', 'v2'] });
    }
  });

  it('copies a version, whose archive is that of the version', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-skopeo-'));
    try {
      const creds = ['--src-tls-verify=false', '--src-creds', `ci:${sluice.token}`];
      const { status, stderr } = await skopeo('copy', ...creds, image(':1.0.2'), `dir:${folder}`);
      expect([status, stderr]).toEqual([0, '']);
      const { layers } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
      const layer = readFileSync(join(folder, layers[0].digest.slice('sha256:'.length)));
      expect(layer.equals((await get(`${BASE}/2/manifests.tar.gz`)).bytes)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused with a wrong token, a digest that is not there, and a push', async () => {
    expect((await inspect(':latest', 'wrong')).stderr).toContain('unauthorized');
    expect((await inspect(`@${ABSENT}`)).stderr).toContain('manifest unknown');
    const creds = ['--tls-verify=false', '--creds', `ci:${sluice.token}`];
    expect((await skopeo('delete', ...creds, image(':latest'))).status).not.toBe(0);
  });
});
