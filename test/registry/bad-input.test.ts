import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.js';
import { type Answer, ask, basic } from '../support/wire.js';
import { startPublished } from './estate.js';

const REPOSITORY = '/v2/sluice/dev';
const MANIFESTS = '/v1/environments/dev/bundles/latest/manifests';
const HEX = '0123456789abcdef'.repeat(4);

let sluice: TestApp;
let layer: { readonly digest: string; readonly size: number };

beforeAll(async () => {
  sluice = await startPublished();
  layer = JSON.parse((await get(`${REPOSITORY}/manifests/latest`)).bytes.toString()).layers[0];
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return ask(sluice.url, path, { method, headers: { authorization: basic(sluice.token), ...headers } });
}

/** In the form of the registry under /v2, as a problem everywhere else. */
function expectRefusal({ status, headers, bytes }: Answer, path: string, wanted: number, code?: string): void {
  const body = JSON.parse(bytes.toString());
  expect(status).toBe(wanted);
  if (path.startsWith('/v2/')) {
    expect(headers['content-type']).toBe('application/json');
    expect(body).toEqual({
      errors: [
        { code: code ?? expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/.{10}/), detail: {} },
      ],
    });
  } else {
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      status: wanted,
      code: code ?? expect.any(String),
      detail: expect.stringMatching(/.{10}/),
    });
  }
}

describe('paths', () => {
  it.each([
    // out of the registry, or of the repository
    ['/v2/sluice/dev/../dev/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice/..%2fdev/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/../v1/teams', 404, 'UNSUPPORTED'],
    ['/v2/%2e%2e/v1/teams', 404, 'UNSUPPORTED'],
    ['/v2/..%2f..%2fetc/passwd', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev/manifests/..', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/sluice/dev/manifests/..%2flatest', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/sluice/dev/blobs/../manifests/latest', 400, 'NAME_INVALID'],
    // names that are no names
    ['/v2/SLUICE/dev/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice/Dev/blobs/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice%2fdev/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice//dev/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice/dev-/manifests/latest', 400, 'NAME_INVALID'],
    ['/v2/sluice/%00/manifests/latest', 400, 'NAME_INVALID'],
    [`/v2/sluice/${'a'.repeat(300)}/manifests/latest`, 400, 'NAME_INVALID'],
    [`/v2/sluice/${'a'.repeat(100)}/manifests/latest`, 404, 'NAME_UNKNOWN'],
    ['/v2/sluice/dev/dev/manifests/latest', 404, 'NAME_UNKNOWN'],
    ['/v2/sluice/dev__prod/tags/list', 404, 'NAME_UNKNOWN'],
    ['/v2/dev/manifests/latest', 404, 'NAME_UNKNOWN'],
    // what cannot be decoded
    ['/v2/sluice/dev/manifests/%ff', 400, 'UNKNOWN'],
    ['/v2/sluice/%zz/manifests/latest', 400, 'UNKNOWN'],
    // tags that are not there
    ['/v2/sluice/dev/manifests/LATEST', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/sluice/dev/manifests/v1+build', 404, 'MANIFEST_UNKNOWN'],
    ['/v2/sluice/dev/manifests/.hidden', 404, 'MANIFEST_UNKNOWN'],
    [`/v2/sluice/dev/manifests/${'a'.repeat(128)}`, 404, 'MANIFEST_UNKNOWN'],
    [`/v2/sluice/dev/manifests/${'a'.repeat(129)}`, 404, 'MANIFEST_UNKNOWN'],
    [`/v2/sluice/dev/manifests/sha256-${HEX}.sig`, 404, 'MANIFEST_UNKNOWN'],
    [`/v2/sluice/dev/manifests/sha256-${HEX}`, 404, 'MANIFEST_UNKNOWN'],
    // digests of other algorithms, or of other spelling
    [`/v2/sluice/dev/manifests/sha512:${HEX}${HEX}`, 400, 'DIGEST_INVALID'],
    ['/v2/sluice/dev/blobs/md5:d41d8cd98f00b204e9800998ecf8427e', 400, 'DIGEST_INVALID'],
    [`/v2/sluice/dev/blobs/SHA256:${HEX}`, 400, 'DIGEST_INVALID'],
    [`/v2/sluice/dev/blobs/sha256:${HEX.toUpperCase()}`, 400, 'DIGEST_INVALID'],
    [`/v2/sluice/dev/blobs/sha256:${HEX}0`, 400, 'DIGEST_INVALID'],
    [`/v2/sluice/dev/blobs/sha256%3A${HEX}`, 400, 'DIGEST_INVALID'],
    [`/v2/sluice/dev/referrers/sha512:${HEX}${HEX}`, 400, 'DIGEST_INVALID'],
    ['/v2/sluice/dev/referrers/latest', 400, 'DIGEST_INVALID'],
    // what a registry does not have
    ['/v2/sluice/dev/tags', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev/tags/List', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev/tags/latest', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev/Manifests/latest', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev/manifests/latest/', 404, 'UNSUPPORTED'],
    ['/v2/sluice/dev', 404, 'UNSUPPORTED'],
    // numbers that are none
    ['/v2/sluice/dev/tags/list?n=1&n=2', 400, 'PAGINATION_NUMBER_INVALID'],
    ['/v2/sluice/dev/tags/list?n=', 400, 'PAGINATION_NUMBER_INVALID'],
    ['/v2/sluice/dev/tags/list?n=1e3', 400, 'PAGINATION_NUMBER_INVALID'],
    ['/v2/sluice/dev/tags/list?n=99999999999', 400, 'PAGINATION_NUMBER_INVALID'],
    // not the registry's
    ['/v2x/', 404, 'not-found'],
    ['//v2/', 404, 'not-found'],
    ['/V2/', 404, 'not-found'],
    ['/v1/environments/dev/bundles/%ff/manifests', 400, 'malformed'],
    ['/v1/environments/dev/bundles/../../prod/bundles/latest/manifests', 404, 'not-found'],
    ['/v1/environments/DEV/bundles/latest/manifests', 404, 'not-found'],
    [`/v1/environments/dev/bundles/sha256:${HEX}/manifests`, 404, 'not-found'],
  ])('GET %s is a %d, %s', async (path, status, code) => {
    expectRefusal(await get(path), path, status, code);
    const head = await get(path, {}, 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([status, 0]);
  });
});

describe('methods', () => {
  it.each([
    '/v2/',
    `${REPOSITORY}/manifests/latest`,
    `${REPOSITORY}/blobs/sha256:${HEX}`,
    `${REPOSITORY}/tags/list`,
    '/v2/nonsense',
    MANIFESTS,
  ])('that are not for %s are a 405 that says which are', async (path) => {
    for (const method of ['OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PURGE']) {
      const refused = await get(path, {}, method);
      expectRefusal(refused, path, 405);
      expect(refused.headers.allow).toBe('GET, HEAD');
    }
  });
});

describe('Range', () => {
  it.each([
    ['bytes=0-0', [0, 0]],
    ['bytes=-1', [-1, -1]],
    ['bytes=0-99999999999999999999', [0, -1]],
    ['bytes=-99999999', [0, -1]],
    ['BYTES=0-0,', [0, 0]],
    ['bytes=-0', 'beyond'],
    ['bytes=99999999-', 'beyond'],
    ['bytes=18446744073709551616-', 'beyond'],
    ['bytes=5-2', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=--1', 'whole'],
    ['bytes=', 'whole'],
    ['bytes=0-0,2-2', 'whole'],
    ['items=0-1', 'whole'],
    [`bytes=${'0-0,'.repeat(2000)}`, 'whole'],
  ] as const)('%s', async (range, wanted) => {
    const path = `${REPOSITORY}/blobs/${layer.digest}`;
    const { status, headers, bytes } = await get(path, { range });
    const { bytes: whole } = await get(path);
    if (wanted === 'whole') {
      expect([status, bytes.equals(whole)]).toEqual([200, true]);
    } else if (wanted === 'beyond') {
      expect([status, headers['content-range'], bytes.length]).toEqual([416, `bytes */${layer.size}`, 0]);
    } else {
      const [first, last] = wanted.map((at) => (at < 0 ? layer.size + at : at)) as [number, number];
      expect([status, headers['content-range']]).toEqual([206, `bytes ${first}-${last}/${layer.size}`]);
      expect(bytes.equals(whole.subarray(first, last + 1))).toBe(true);
    }
    const head = await get(path, { range }, 'HEAD'); // of a HEAD there are no parts: RFC 9110 section 14.2
    expect([head.status, head.headers['content-length']]).toEqual([200, String(layer.size)]);
  });

  it.each([
    ['this entity-tag', (etag: string) => etag, 206],
    ['a weak one', (etag: string) => `W/${etag}`, 200],
    ['another one', () => '"x"', 200],
    ['a date', () => 'Mon, 23 Nov 2026 00:00:00 GMT', 200],
  ] as const)('with If-Range of %s', async (_, of, wanted) => {
    const path = `${REPOSITORY}/blobs/${layer.digest}`;
    expect((await get(path, { range: 'bytes=0-1', 'if-range': of(`"${layer.digest}"`) })).status).toBe(wanted);
  });

  it('of the manifests is not heard, as they say no Accept-Ranges', async () => {
    const { status, headers } = await get(MANIFESTS, { range: 'bytes=0-1' });
    expect([status, headers['accept-ranges']]).toEqual([200, undefined]);
  });
});

describe.each([`${REPOSITORY}/manifests/latest`, MANIFESTS])('If-None-Match of %s', (path) => {
  it.each([
    ['itself', (etag: string) => etag, 304],
    ['itself as a weak tag', (etag: string) => `W/${etag}`, 304],
    ['a list with it', (etag: string) => `"a", W/"b",${etag} , "c"`, 304],
    ['a list with commas within', (etag: string) => `"a, b", ${etag}`, 304],
    ['a star', () => ' * ', 304],
    ['a list without it', () => '"a", W/"b"', 200],
    ['the digest without quotes', (etag: string) => etag.replaceAll('"', ''), 200],
    ['capitals', (etag: string) => etag.toUpperCase(), 200],
    ['a small w', (etag: string) => `w/${etag}`, 200],
    ['a tag that begins as it does', (etag: string) => `${etag.slice(0, -1)}0"`, 200],
    ['commas', () => ',,', 200],
    ['nothing', () => '', 200],
    ['three thousand others', () => '"x",'.repeat(3000), 200],
  ] as const)('%s', async (_, of, wanted) => {
    const etag = String((await get(path)).headers.etag);
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, bytes } = await get(path, { 'if-none-match': of(etag) }, method);
      expect([status, headers.etag]).toEqual([wanted, etag]);
      if (status === 304) expect([bytes.length, headers['content-type']]).toEqual([0, undefined]);
    }
  });
});

describe.each([`${REPOSITORY}/manifests/latest`, MANIFESTS])('headers of %s', (path) => {
  it('may be many', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x-${at}`, 'y']));
    expect((await get(path, many)).status).toBe(200);
  });

  it('may not be more than 16 KiB: the refusal has the form of all others', async () => {
    expectRefusal(await get(path, { 'x-long': 'y'.repeat(20_000) }), path, 431);
  });

  it('that make no request are refused in that form too', async () => {
    const { hostname, port } = new URL(sluice.url);
    for (const line of ['x y: z', ': z', 'transfer-encoding: chunked\r\ncontent-length: 3']) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${line}\r\n\r\n`);
      const chunks: Buffer[] = await socket.toArray();
      const [head = '', text = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
      const type = /^content-type: (.*)$/im.exec(head)?.[1];
      expectRefusal(
        { status: Number(head.split(' ')[1]), headers: { 'content-type': type }, bytes: Buffer.from(text) },
        path,
        400,
      );
    }
  });

  it.each(['Basic ', 'Basic', `Basic ${'A'.repeat(10_000)}`, 'Bearer', 'Basic \u00e4', ''])(
    'Authorization: %.20s',
    async (authorization) => {
      const refused = await get(path, { authorization });
      expectRefusal(refused, path, 401);
      expect(refused.headers['www-authenticate']).toContain('Basic realm="sluice"');
    },
  );

  it('whoever hangs up half way leaves a server that answers', async () => {
    const { hostname, port } = new URL(sluice.url);
    for (const begin of ['GET ', `GET ${path} HTTP/1.1\r\nhost: x\r\nauthoriz`, '\r\n', '\u0016\u0003\u0001']) {
      const socket = connect(Number(port), hostname).resume();
      socket.on('error', () => undefined);
      socket.end(begin);
      await once(socket, 'close');
    }
    expect((await get(path)).status).toBe(200);
  });
});
