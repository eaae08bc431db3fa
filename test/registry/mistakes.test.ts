import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.js';
import {
  at,
  having,
  type Mistake,
  type MutatingProxy,
  startMutatingProxy,
  tampered,
  without,
} from '../support/mutating-proxy.js';
import { type ClientName, CLIENTS, type Pull } from '../support/registry-clients.js';
import { release, startPublished, stranger } from './estate.js';

const NAMES = Object.keys(CLIENTS) as ClientName[];
const MANIFESTS = /\/manifests\//;
const BUNDLE_MANIFEST = /\/manifests\/(latest|sha256:)/;

let sluice: TestApp;
let proxy: MutatingProxy;

beforeAll(async () => {
  sluice = await startPublished();
  proxy = await startMutatingProxy(sluice.url);
});
afterAll(async () => {
  await proxy.close();
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

function pullOf(fields: Partial<Pull> = {}): Pull {
  const { url } = proxy;
  return { url, repository: 'sluice/dev', tag: 'latest', token: sluice.token, key: release.publicPem, ...fields };
}

const whenHead =
  (mistake: Mistake): Mistake =>
  (answer, asked) =>
    asked.method === 'HEAD' ? mistake(answer, asked) : answer;

const notThere: Mistake = (answer) => ({
  status: 404,
  headers: { ...answer.headers, 'content-length': '0' },
  bytes: Buffer.alloc(0),
});

const zipped: Mistake = (answer, asked) => {
  if (asked.method === 'HEAD' || asked.headers['accept-encoding'] !== 'gzip') return answer;
  const bytes = gzipSync(answer.bytes);
  return {
    ...answer,
    bytes,
    headers: { ...answer.headers, 'content-encoding': 'gzip', 'content-length': `${bytes.length}` },
  };
};

const cutShort: Mistake = (answer) => {
  const bytes = answer.bytes.subarray(0, -1);
  return { ...answer, bytes, headers: { ...answer.headers, 'content-length': String(bytes.length) } };
};

interface Row {
  readonly mistake: string;
  readonly make: Mistake;
  /** Who refuses it, and in which words; all others pull. */
  readonly refusedBy: { readonly [client in ClientName]?: RegExp };
  /** Flux does not believe its HEAD, and asks again by GET. */
  readonly fluxAsksAgain?: true;
}

/** What breaks whom, as it was found with the clients themselves. */
const ROWS: readonly Row[] = [
  {
    mistake: 'a charset behind the media type of a manifest',
    make: at(MANIFESTS, having('content-type', 'application/vnd.oci.image.manifest.v1+json; charset=utf-8')),
    refusedBy: {},
  },
  {
    mistake: 'a manifest that is called application/json',
    make: at(MANIFESTS, having('content-type', 'application/json')),
    refusedBy: { oras: /is no manifest/, skopeo: /unsupported schema version 2/, argo: /is no manifest/ },
  },
  {
    mistake: 'no Docker-Content-Digest',
    make: without('docker-content-digest'),
    refusedBy: { argo: /no Docker-Content-Digest/ },
    fluxAsksAgain: true,
  },
  {
    mistake: 'no Content-Length in the answer to HEAD',
    make: whenHead(without('content-length')),
    refusedBy: { argo: /no Content-Length/ },
    fluxAsksAgain: true,
  },
  {
    mistake: 'a 404 for HEAD where GET is answered',
    make: whenHead(notThere),
    refusedBy: { argo: /not found/ },
    fluxAsksAgain: true,
  },
  {
    mistake: 'gzip as a content coding for who takes it',
    make: zipped,
    refusedBy: {},
  },
  {
    mistake: 'a bit of each blob changed',
    make: at(/\/blobs\//, tampered),
    refusedBy: {
      oras: /its digest is/,
      crane: /its digest is/,
      skopeo: /its digest is/,
      flux: /what came for/,
      argo: /its digest is/,
      cosign: /what came for/,
    },
  },
  {
    mistake: 'a bit of the archive changed',
    make: at(/\/blobs\//, (answer, asked) => (isGzip(answer.bytes) ? tampered(answer, asked) : answer)),
    refusedBy: {
      oras: /its digest/,
      crane: /its digest/,
      skopeo: /its digest/,
      flux: /its digest/,
      argo: /its digest/,
    },
  },
  {
    mistake: 'an archive that is cut short',
    make: at(/\/blobs\//, (answer, asked) => (isGzip(answer.bytes) ? cutShort(answer, asked) : answer)),
    refusedBy: {
      oras: /bytes, not/,
      crane: /bytes, not/,
      skopeo: /bytes, not/,
      flux: /bytes, not/,
      argo: /bytes, not/,
    },
  },
  {
    mistake: 'blobs that are not there',
    make: at(/\/blobs\//, notThere),
    refusedBy: {
      oras: /not found/,
      crane: /not found/,
      skopeo: /not found/,
      flux: /is not there/,
      argo: /not found/,
      cosign: /is not there/,
    },
  },
  {
    mistake: 'a space behind the manifest, under the digest that it had',
    make: at(BUNDLE_MANIFEST, (answer) => {
      const bytes = Buffer.concat([answer.bytes, Buffer.from(answer.bytes.length > 0 ? ' ' : '')]);
      return { ...answer, bytes, headers: { ...answer.headers, 'content-length': String(bytes.length) } };
    }),
    // crane and skopeo ask by tag and hash what comes: another image, as far as they know
    refusedBy: {
      oras: /its digest is/,
      flux: /what came for/,
      argo: /its digest is|Content-Length/,
      cosign: /no signature|no sha256-/,
    },
  },
  {
    mistake: 'neither form of signatures',
    make: at(/\/(referrers\/|manifests\/sha256-)/, notThere),
    refusedBy: { flux: /there is no sha256-/, cosign: /there is no sha256-/ },
  },
  {
    mistake: 'no referrers: cosign and Flux look for the older form',
    make: at(/\/referrers\//, notThere),
    refusedBy: {},
  },
];

describe('the server as it is', () => {
  it.each(NAMES.flatMap((name) => ['latest', '1.0.1', 'v2'].map((tag) => ({ name, tag }))))(
    'is pulled from by $name, by the tag $tag',
    async ({ name, tag }) => {
      proxy.make();
      const through = await CLIENTS[name](pullOf({ tag }));
      expect(through).toEqual(await CLIENTS[name](pullOf({ tag, url: sluice.url })));
      expect(through.resolvedBy).toBe(['flux', 'argo'].includes(name) ? 'HEAD' : 'GET');
      const versions = ['latest', 'v2'].includes(tag) ? 'v2' : 'v1';
      const { headers } = await sluice.request.get(`/v2/sluice/dev/manifests/${versions}`);
      expect(through.digest).toBe(headers['docker-content-digest']);
    },
  );

  it('is refused by who verifies with another key', async () => {
    proxy.make();
    for (const name of ['flux', 'cosign'] as const)
      await expect(CLIENTS[name](pullOf({ key: stranger.publicPem }))).rejects.toThrow(/not of this key/);
  });

  it.each(NAMES)('refuses %s a wrong token', async (name) => {
    proxy.make();
    await expect(CLIENTS[name](pullOf({ token: 'wrong' }))).rejects.toThrow(/401/);
  });
});

describe.each(ROWS)('a server with $mistake', ({ make, refusedBy, fluxAsksAgain }) => {
  it.each(NAMES)('%s', async (name) => {
    proxy.make(make);
    const pulling = CLIENTS[name](pullOf());
    const refusal = refusedBy[name];
    if (refusal !== undefined) await expect(pulling).rejects.toThrow(refusal);
    else {
      const { resolvedBy } = await pulling;
      if (name === 'flux') expect(resolvedBy).toBe(fluxAsksAgain === true ? 'GET' : 'HEAD');
    }
  });
});

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
