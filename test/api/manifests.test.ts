import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { untar } from './untar.js';

const BASE = '/v1/environments/dev/bundles';
const TYPES = { yaml: 'application/yaml', json: 'application/json', tar: 'application/gzip' } as const;
const SUFFIXES = { yaml: '.yaml', json: '.json', tar: '.tar.gz' } as const;
const FORMATS = Object.keys(TYPES) as (keyof typeof TYPES)[];

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  // a second application in a namespace of its own, and version 2
  const podSelector = { matchLabels: { app: 'blog' } };
  await sluice.request.post('/v1/applications').send({ name: 'blog', team: 'demo' }).expect(201);
  await sluice.request.post('/v1/applications/blog/tiers').send({ name: 'web', podSelector }).expect(201);
  const placement = sluice.request.put('/v1/environments/dev/placements/blog').set('if-none-match', '*');
  await placement.send({ namespace: 'blog' }).expect(201);
  await sluice.request.post(BASE).send({}).expect(201);
});
afterAll(() => sluice.close());

interface Fetched {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** The bytes on the wire: neither supertest nor fetch, which unpack. */
async function fetchBytes(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Fetched> {
  const given = { authorization: `Bearer ${sluice.token}`, ...headers };
  const asked = request(sluice.url + path, { method, headers: given }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = await answer.toArray();
  const received = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return { status: answer.statusCode ?? 0, headers: new Headers(received), bytes: Buffer.concat(chunks) };
}

function parsed(yaml: Buffer): unknown[] {
  return parseAllDocuments(yaml.toString()).map((document) => document.toJS() as unknown);
}

describe('three media types', () => {
  it.each(FORMATS)('%s, by Accept and by suffix, byte for byte the same', async (format) => {
    const negotiated = await fetchBytes(`${BASE}/2/manifests`, { accept: TYPES[format] });
    const suffixed = await fetchBytes(`${BASE}/2/manifests${SUFFIXES[format]}`, { accept: 'text/html' });
    for (const { status, headers } of [negotiated, suffixed]) {
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe(TYPES[format]);
      expect(headers.get('content-encoding')).toBeNull();
    }
    expect(negotiated.bytes.equals(suffixed.bytes)).toBe(true);
    expect(negotiated.headers.get('etag')).toBe(suffixed.headers.get('etag'));
    expect(negotiated.headers.get('vary')).toMatch(/accept/i);
  });

  it.each([
    [undefined, 'yaml'],
    ['', 'yaml'],
    ['*/*', 'yaml'],
    ['application/*', 'yaml'],
    ['text/html, */*;q=0.1', 'yaml'],
    ['application/json, application/yaml', 'yaml'],
    ['application/yaml;q=0.5, application/json', 'json'],
    ['application/json;q=0.2, application/gzip;q=0.3', 'tar'],
    ['application/yaml;q=0, */*', 'json'],
    ['APPLICATION/JSON', 'json'],
    ['application/json; charset=utf-8', 'json'],
  ] as const)('Accept: %s gives %s', async (accept, format) => {
    // fetch would send */* of its own
    const call = supertest(sluice.url).get(`${BASE}/2/manifests`).set('authorization', `Bearer ${sluice.token}`);
    const { headers } = await (accept === undefined ? call : call.set('accept', accept)).expect(200);
    expect(headers['content-type']).toBe(TYPES[format]);
  });

  it.each(['text/html', 'application/xml;q=1', 'application/yaml;q=0', 'image/*', 'application/json;q=0, text/plain'])(
    'Accept: %s is a 406 that says what there is',
    async (accept) => {
      const { body } = await sluice.request.get(`${BASE}/2/manifests`).set('accept', accept).expect(406);
      expect(body).toMatchObject({
        code: 'not-acceptable',
        detail: `this can be had as application/yaml, application/json, application/gzip, not as ${accept}`,
      });
    },
  );
});

describe('headers', () => {
  const cases = FORMATS.flatMap((format) => ['1', '2', 'latest'].map((version) => ({ format, version })));

  it.each(cases)('of $format of version $version', async ({ format, version }) => {
    const number = version === 'latest' ? 2 : Number(version);
    const path = `${BASE}/${version}/manifests${SUFFIXES[format]}`;
    const { headers, bytes } = await fetchBytes(path);
    const sum = createHash('sha256').update(bytes).digest();
    expect(Object.fromEntries(headers)).toMatchObject({
      etag: `"sha256:${sum.toString('hex')}"`,
      'repr-digest': `sha-256=:${sum.toString('base64')}:`,
      'content-length': String(bytes.length),
      'content-location': `${BASE}/${number}/manifests${SUFFIXES[format]}`,
      'cache-control': version === 'latest' ? 'private, no-cache' : 'private, max-age=31536000, immutable',
      'sluice-version': String(number),
    });
    const links = Object.fromEntries(
      [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="([^"]+)"/g)].map(([, url, rel]) => [rel, url]),
    );
    expect(links).toEqual({
      canonical: `${BASE}/${number}`,
      ...(number > 1 ? { 'predecessor-version': `${BASE}/${number - 1}` } : {}),
      'latest-version': `${BASE}/latest`,
    });
    for (const url of Object.values(links)) expect((await fetchBytes(String(url))).status).toBe(200);

    const again = await fetchBytes(String(headers.get('content-location')));
    expect(again.bytes.equals(bytes)).toBe(true);

    const head = await fetchBytes(path, {}, 'HEAD');
    expect(head).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
    const same = (list: Headers) => [...list].filter(([name]) => !/^(date|connection|keep-alive)$/.test(name));
    expect(same(head.headers)).toEqual(same(headers));

    for (const method of ['GET', 'HEAD']) {
      const unchanged = await fetchBytes(path, { 'if-none-match': `"other", ${headers.get('etag')}` }, method);
      expect(unchanged.status).toBe(304);
      expect(unchanged.bytes.length).toBe(0);
      for (const name of ['etag', 'cache-control', 'content-location', 'link'])
        expect(unchanged.headers.get(name), name).toBe(headers.get(name));
    }
    expect((await fetchBytes(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('of the negotiated address lead to the same address of the version', async () => {
    const { headers, bytes } = await fetchBytes(`${BASE}/latest/manifests`, { accept: 'application/json' });
    expect(headers.get('content-location')).toBe(`${BASE}/2/manifests`);
    const again = await fetchBytes(`${BASE}/2/manifests`, { accept: 'application/json' });
    expect(again.bytes.equals(bytes)).toBe(true);
    const unchanged = await fetchBytes(`${BASE}/latest/manifests`, {
      accept: 'application/yaml',
      'if-none-match': String(headers.get('etag')),
    });
    expect(unchanged.status).toBe(200); // another representation has another ETag
  });

  it('latest follows the versions', async () => {
    const { headers } = await fetchBytes(`${BASE}/1/manifests.yaml`);
    const { status } = await fetchBytes(`${BASE}/latest/manifests.yaml`, {
      'if-none-match': String(headers.get('etag')),
    });
    expect(status).toBe(200);
  });
});

describe('gzip as a content coding', () => {
  const GZIP = { 'accept-encoding': 'br, gzip' };

  it('YAML: other bytes with an ETag and a digest of their own', async () => {
    const path = `${BASE}/2/manifests.yaml`;
    const [plain, zipped] = [await fetchBytes(path), await fetchBytes(path, GZIP)];
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
    const sum = createHash('sha256').update(zipped.bytes).digest();
    expect(Object.fromEntries(zipped.headers)).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(zipped.bytes.length),
      'content-type': TYPES.yaml,
      etag: `"sha256:${sum.toString('hex')}"`,
      'repr-digest': `sha-256=:${sum.toString('base64')}:`,
    });
    for (const { headers } of [plain, zipped]) expect(headers.get('vary')).toBe('Accept-Encoding');
    const etag = String(zipped.headers.get('etag'));
    expect((await fetchBytes(path, { ...GZIP, 'if-none-match': etag })).status).toBe(304);
    expect((await fetchBytes(path, { 'if-none-match': etag })).status).toBe(200);
    const head = await fetchBytes(path, GZIP, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(zipped.bytes.length));
  });

  it.each(['gzip;q=0', 'identity', 'br', '*;q=0', 'gzip;q=0, *'])('not where Accept-Encoding is %s', async (header) => {
    const { headers } = await fetchBytes(`${BASE}/2/manifests`, { 'accept-encoding': header });
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
  });

  it.each(['json', 'tar.gz'])(
    'not of the List, which is made on reading, and of the archive, which has it already: %s',
    async (suffix) => {
      const path = `${BASE}/2/manifests.${suffix}`;
      const [plain, asked] = [await fetchBytes(path), await fetchBytes(path, GZIP)];
      expect(asked.headers.get('content-encoding')).toBeNull();
      expect(asked.bytes.equals(plain.bytes)).toBe(true);
    },
  );
});

describe('content', () => {
  it('the digest of the version is that of its YAML', async () => {
    const { body } = await sluice.request.get(`${BASE}/2`).expect(200);
    const { bytes } = await fetchBytes(`${BASE}/2/manifests`);
    expect(body.digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    const { body: preview } = await sluice.request.get('/v1/environments/dev/preview').expect(200);
    expect(preview.digest).toBe(body.digest);
  });

  it('YAML, JSON and the files of the archive say the same', async () => {
    const yaml = parsed((await fetchBytes(`${BASE}/2/manifests.yaml`)).bytes);
    const json = JSON.parse((await fetchBytes(`${BASE}/2/manifests.json`)).bytes.toString());
    expect(json).toEqual({ apiVersion: 'v1', kind: 'List', items: yaml });
    expect(yaml.map((object: any) => `${object.metadata.namespace}/${object.metadata.name}`)).toEqual([
      'blog/allow-web-egress',
      'blog/default-deny-all',
      'shop/allow-backend-egress',
      'shop/allow-backend-ingress',
      'shop/allow-database-egress',
      'shop/allow-database-ingress',
      'shop/allow-frontend-egress',
      'shop/allow-frontend-ingress',
      'shop/default-deny-all',
    ]);
    const files = untar(gunzipSync((await fetchBytes(`${BASE}/2/manifests.tar.gz`)).bytes));
    expect(files.map(({ name }) => name)).toEqual(['blog.yaml', 'kustomization.yaml', 'shop.yaml']);
    expect(files.every(({ mode, mtime }) => mode === 0o644 && mtime === 0)).toBe(true);
    const [blog, kustomization, shop] = files.map(({ content }) => parsed(content));
    expect([...(blog ?? []), ...(shop ?? [])]).toEqual(yaml);
    expect(kustomization).toMatchObject([{ kind: 'Kustomization', resources: ['blog.yaml', 'shop.yaml'] }]);
  });

  it('is unpacked by tar, and built by kubectl kustomize into the same objects', async ({ skip }) => {
    const { bytes } = await fetchBytes(`${BASE}/2/manifests.tar.gz`);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-kustomize-'));
    try {
      writeFileSync(join(folder, 'bundle.tar.gz'), bytes);
      execFileSync('tar', ['xzf', 'bundle.tar.gz'], { cwd: folder });
      const { error, status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
      if (error !== undefined) return skip('kubectl is not on PATH');
      expect(`${status} ${stderr}`).toBe('0 ');
      expect(parsed(Buffer.from(stdout))).toEqual(parsed((await fetchBytes(`${BASE}/2/manifests`)).bytes));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('who may fetch', () => {
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  it('takes the token as the password of Basic, as a URL with a user has it', async () => {
    for (const user of ['ci', '', 'any one', 'a@b']) {
      const { status } = await fetchBytes(`${BASE}/1/manifests`, { authorization: basic(user, sluice.token) });
      expect(status).toBe(200);
    }
    for (const authorization of [basic('ci', 'wrong'), basic(sluice.token, ''), 'Basic', 'Basic !!!', 'Digest x'])
      expect((await fetchBytes(`${BASE}/1/manifests`, { authorization })).status).toBe(401);
  });

  it('needs the scope read, for this environment', async () => {
    const token = async (fields: object) =>
      (await sluice.request.post('/v1/tokens').send(fields).expect(201)).body.token;
    const reader = await token({ name: 'reader', scopes: ['read'] });
    const elsewhere = await token({ name: 'elsewhere', scopes: ['read'], environment: 'prod' });
    await sluice.as(reader).get(`${BASE}/1/manifests`).expect(200);
    const { body } = await sluice.as(elsewhere).get(`${BASE}/1/manifests`).expect(403);
    expect(body.detail).toBe('this token is bound to environment "prod": it has no scope "read" for environment "dev"');
  });
});
