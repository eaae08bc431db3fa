import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.js';
import { type Answer, ask, basic } from '../support/wire.js';
import { startPublished } from './estate.js';

/**
 * The pull part of the OCI distribution specification, by what it demands and what its conformance suite asks of a registry that is only read.
 * test/api/registry.test.ts has what is this server's own. https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
const REPOSITORY = '/v2/sluice/dev';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const ABSENT = `sha256:${'0'.repeat(64)}`;

let sluice: TestApp;
/** Every manifest that can be found from the tags on, by its digest; and every blob that these point at. */
const manifests = new Map<string, any>();
const blobs = new Map<string, { readonly size: number }>();
let tags: string[];

beforeAll(async () => {
  sluice = await startPublished();
  tags = json(await get(`${REPOSITORY}/tags/list`)).tags;
  for (const tag of tags) await walk((await get(`${REPOSITORY}/manifests/${tag}`)).headers['docker-content-digest']);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

async function walk(digest: unknown): Promise<void> {
  if (typeof digest !== 'string' || manifests.has(digest)) return;
  const manifest = json(await get(`${REPOSITORY}/manifests/${digest}`));
  manifests.set(digest, manifest);
  for (const described of [manifest.config, ...manifest.layers]) blobs.set(described.digest, described);
  for (const { digest: about } of json(await get(`${REPOSITORY}/referrers/${digest}`)).manifests) await walk(about);
  const signatures = await get(`${REPOSITORY}/manifests/${digest.replace(':', '-')}.sig`);
  if (signatures.status === 200) await walk(signatures.headers['docker-content-digest']);
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return ask(sluice.url, path, { method, headers: { authorization: basic(sluice.token), ...headers } });
}

const json = ({ bytes }: Answer): any => JSON.parse(bytes.toString());
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('what is stored', () => {
  it('is two images, four signatures in the one form, four in the other', () => {
    const kinds = [...manifests.values()].map(({ artifactType, layers }) => artifactType ?? layers[0].mediaType);
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    expect(count('application/vnd.sluice.bundle.v1')).toBe(2);
    expect(count('application/vnd.dev.sigstore.bundle.v0.3+json')).toBe(4);
    expect(count('application/vnd.dev.cosign.simplesigning.v1+json')).toBe(2);
    expect(kinds).toHaveLength(8);
  });

  it('each manifest comes by its digest, with the media type that it says of itself, whatever is accepted', async () => {
    for (const [digest, manifest] of manifests)
      for (const accept of [
        undefined,
        '*/*',
        MANIFEST,
        `${INDEX}, ${MANIFEST};q=0.5`,
        'application/vnd.docker.distribution.manifest.v2+json',
      ]) {
        const { status, headers, bytes } = await get(
          `${REPOSITORY}/manifests/${digest}`,
          accept === undefined ? {} : { accept },
        );
        expect([status, sha256(bytes)]).toEqual([200, digest]);
        expect(headers).toMatchObject({
          'content-type': manifest.mediaType, // a string of its own: no parameters
          'docker-content-digest': digest,
          'content-length': String(bytes.length),
        });
        expect(manifest).toMatchObject({ schemaVersion: 2, mediaType: MANIFEST });
        if (manifest.config.mediaType.includes('empty')) expect(manifest.artifactType).toEqual(expect.any(String));
      }
  });

  it('each blob comes by its digest, as long as it is said to be', async () => {
    expect(blobs.size).toBeGreaterThan(manifests.size);
    for (const [digest, { size }] of blobs)
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, bytes } = await get(`${REPOSITORY}/blobs/${digest}`, {}, method);
        expect([status, headers['content-length'], headers['docker-content-digest']]).toEqual([
          200,
          String(size),
          digest,
        ]);
        if (method === 'GET') expect(sha256(bytes)).toBe(digest);
        else expect(bytes.length).toBe(0);
      }
  });

  it('HEAD is 200 with length and digest by every tag and digest, and 404 for what there is not', async () => {
    for (const reference of [...tags, ...manifests.keys()]) {
      const [head, whole] = [
        await get(`${REPOSITORY}/manifests/${reference}`, {}, 'HEAD'),
        await get(`${REPOSITORY}/manifests/${reference}`),
      ];
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      for (const name of ['content-length', 'content-type', 'docker-content-digest'])
        expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    }
    for (const path of ['manifests/0.0.0', `manifests/${ABSENT}`, `blobs/${ABSENT}`]) {
      const head = await get(`${REPOSITORY}/${path}`, {}, 'HEAD');
      expect([path, head.status, head.bytes.length]).toEqual([path, 404, 0]);
    }
  });

  it('a part of a blob says of which blob it is', async () => {
    const [[digest, { size }]] = [...blobs] as [[string, { size: number }]];
    const part = await get(`${REPOSITORY}/blobs/${digest}`, { range: 'bytes=1-' });
    expect([part.status, part.bytes.length]).toEqual([206, size - 1]);
    expect(part.headers['docker-content-digest']).toBe(digest);
  });
});

describe('tags', () => {
  it('are sorted, each can be pulled, and each is a tag', async () => {
    expect(tags).toEqual([...tags].sort());
    for (const tag of tags) {
      expect(tag).toMatch(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);
      expect((await get(`${REPOSITORY}/manifests/${tag}`)).status).toBe(200);
    }
  });

  it('behind any tag are those after it, in pages of any size, and the Link leads through all of them', async () => {
    for (const [at, last] of [...tags.entries(), [-1, ''] as const])
      for (let n = 0; n <= tags.length + 1; n++) {
        const page = await get(`${REPOSITORY}/tags/list?n=${n}&last=${last}`);
        const behind = tags.slice(at + 1);
        expect([n, last, json(page)]).toEqual([n, last, { name: 'sluice/dev', tags: behind.slice(0, n) }]);
        const next = `</v2/sluice/dev/tags/list?n=${n}&last=${behind[n - 1] ?? ''}>; rel="next"`;
        expect(page.headers['link']).toBe(n > 0 && n < behind.length ? next : undefined);
      }
  });
});

describe('referrers', () => {
  it('say of each what it says of itself', async () => {
    for (const [digest, manifest] of manifests) {
      const { status, headers, bytes } = await get(`${REPOSITORY}/referrers/${digest}`);
      const index = JSON.parse(bytes.toString());
      expect([status, headers['content-type']]).toEqual([200, INDEX]);
      expect(index).toMatchObject({ schemaVersion: 2, mediaType: INDEX });
      expect(index.manifests).toHaveLength(manifest.artifactType === 'application/vnd.sluice.bundle.v1' ? 2 : 0);
      for (const described of index.manifests) {
        const about = manifests.get(described.digest);
        expect(about.subject).toEqual({
          mediaType: MANIFEST,
          digest,
          size: Buffer.byteLength(JSON.stringify(manifest)),
        });
        expect(described).toMatchObject({
          mediaType: about.mediaType,
          artifactType: about.artifactType,
          annotations: about.annotations,
          size: Buffer.byteLength(JSON.stringify(about)),
        });
      }
    }
  });

  it.each([
    ['application/vnd.dev.sigstore.bundle.v0.3+json', 2],
    ['application/vnd.none.v1', 0],
  ])('are filtered by %s, and say so', async (type, count) => {
    const [digest] = [...manifests].find(
      ([, { artifactType }]) => artifactType === 'application/vnd.sluice.bundle.v1',
    )!;
    const { headers, bytes } = await get(`${REPOSITORY}/referrers/${digest}?artifactType=${encodeURIComponent(type)}`);
    expect(headers['oci-filters-applied']).toBe('artifactType');
    const listed = JSON.parse(bytes.toString()).manifests;
    expect(listed).toHaveLength(count);
    for (const { artifactType } of listed) expect(artifactType).toBe(type);
  });

  it('of what nobody refers to are an empty index, never a 404: clients would look for a tag instead', async () => {
    for (const digest of [ABSENT, ...blobs.keys()]) {
      const { status, bytes } = await get(`${REPOSITORY}/referrers/${digest}`);
      expect([status, JSON.parse(bytes.toString())]).toEqual([
        200,
        { schemaVersion: 2, mediaType: INDEX, manifests: [] },
      ]);
    }
    expect((await get(`${REPOSITORY}/manifests/${ABSENT.replace(':', '-')}`)).status).toBe(404);
  });
});

describe('who asks', () => {
  it.each([
    ['GET', '/v2/'],
    ['HEAD', '/v2/'],
    ['GET', `${REPOSITORY}/tags/list`],
    ['HEAD', `${REPOSITORY}/manifests/latest`],
    ['GET', `${REPOSITORY}/blobs/${ABSENT}`],
    ['PUT', `${REPOSITORY}/manifests/latest`],
    ['GET', '/v2/token'],
  ])('%s %s without a token, or with a wrong one, meets one and the same challenge', async (method, path) => {
    for (const authorization of ['', basic('wrong'), 'Bearer wrong', 'Negotiate x']) {
      const { status, headers } = await get(path, { authorization }, method);
      expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm="sluice", charset="UTF-8"']);
    }
  });

  it('by Basic and by the token that the flow gives, pulls the same', async () => {
    const { bytes, headers } = await get('/v2/token?service=sluice&scope=repository:sluice/dev:pull&account=ci');
    const { token, access_token: accessToken, issued_at: issuedAt } = JSON.parse(bytes.toString());
    expect([accessToken, headers['cache-control']]).toEqual([token, 'no-store']);
    expect(new Date(issuedAt).toISOString()).toBe(issuedAt);
    const [byBasic, byBearer] = [
      await get(`${REPOSITORY}/manifests/latest`),
      await get(`${REPOSITORY}/manifests/latest`, { authorization: `Bearer ${token}` }),
    ];
    expect(byBearer.bytes.equals(byBasic.bytes)).toBe(true);
  });
});
