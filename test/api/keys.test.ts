import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKeys } from '../../src/platform/keys/load-keys.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { fixedKey } from '../support/fixed-keys.js';

const [NEW, OLD, RETIRED] = [fixedKey('new'), fixedKey('old'), fixedKey('retired')];
const ATTESTATION = fixedKey('attestation');
const BASE = '/.well-known/sluice';

/** The signature of a key that the server has: what is published must verify it. */
const SIGNED = Buffer.from('something that was signed');

let sluice: TestApp;
beforeAll(async () => {
  const release = NEW.privatePem + OLD.privatePem + RETIRED.publicPem;
  const keys = loadKeys({
    dataDir: '/nowhere',
    keys: { release, attestation: ATTESTATION.privatePem, generate: false },
  });
  sluice = await startTestApp({ keys });
});
afterAll(() => sluice.close());

describe('the public keys', () => {
  const anyone = () => sluice.as(undefined);

  it('of releases are one PEM, the newest first; those of attestations are elsewhere', async () => {
    const { text, headers } = await anyone().get(`${BASE}/cosign.pub`).buffer().parse(asText).expect(200).then(textOf);
    expect(text).toBe(NEW.publicPem + OLD.publicPem + RETIRED.publicPem);
    expect(headers['content-type']).toBe('application/x-pem-file');
    expect(headers['cache-control']).toBe('public, max-age=300');
    const attestation = await anyone().get(`${BASE}/attestation.pub`).buffer().parse(asText).expect(200).then(textOf);
    expect(attestation.text).toBe(ATTESTATION.publicPem);
  });

  it('come one by one, under the name of the key: cosign takes one from a file', async () => {
    for (const { publicPem, signer } of [NEW, OLD, RETIRED, ATTESTATION]) {
      const name = Buffer.from(signer.hint, 'base64').toString('base64url');
      const { text } = await anyone().get(`${BASE}/keys/${name}.pub`).buffer().parse(asText).expect(200).then(textOf);
      expect(text).toBe(publicPem);
      expect(verify('sha256', SIGNED, text, signer.sign(SIGNED))).toBe(true);
    }
  });

  it('come as JWK Sets, by their hints', async () => {
    for (const [path, keys] of [
      ['jwks.json', [NEW, OLD, RETIRED]],
      ['attestation-jwks.json', [ATTESTATION]],
    ] as const) {
      const { body, headers } = await anyone().get(`${BASE}/${path}`).buffer().parse(asJson).expect(200);
      expect(headers['content-type']).toBe('application/jwk-set+json');
      expect(body.keys.map(({ kid }: any) => kid)).toEqual(keys.map(({ signer }) => signer.hint));
      for (const [n, jwk] of body.keys.entries()) {
        expect(jwk).not.toHaveProperty('d');
        const key = createPublicKey({ key: jwk, format: 'jwk' });
        const der = key.export({ type: 'spki', format: 'der' });
        expect(createHash('sha256').update(der).digest('base64')).toBe(jwk.kid);
        expect(verify('sha256', SIGNED, key, keys[n]!.signer.sign(SIGNED))).toBe(true);
      }
    }
  });

  it('are not sent again to those who have them', async () => {
    for (const path of ['cosign.pub', 'attestation.pub', 'jwks.json', 'attestation-jwks.json']) {
      const { headers } = await anyone().head(`${BASE}/${path}`).expect(200);
      const again = await anyone()
        .get(`${BASE}/${path}`)
        .set('if-none-match', headers['etag'] ?? '')
        .expect(304);
      expect(again.headers['etag']).toBe(headers['etag']);
      expect(again.headers['cache-control']).toBe('public, max-age=300');
      await anyone().get(`${BASE}/${path}`).set('if-none-match', '"other"').expect(200);
    }
  });

  it('that are not there are named, and nothing else is opened', async () => {
    const { body } = await anyone().get(`${BASE}/keys/nobody.pub`).expect(404);
    expect(body).toMatchObject({
      code: 'not-found',
      detail: expect.stringContaining('key "nobody.pub" does not exist'),
    });
    for (const path of ['keys/..%2f..%2frelease.pem', 'keys/', 'keys', 'release.pem', 'nothing'])
      await anyone().get(`${BASE}/${path}`).expect(404);
    await anyone().post(`${BASE}/cosign.pub`).expect(405);
    for (const path of ['/.well-known/other', '/.well-known', '/x/.well-known/sluice/cosign.pub', '/v1/teams'])
      await anyone().get(path).expect(401);
    expect(sluice.failures).toEqual([]);
  });
});

it('a server without keys says so, and has empty sets', async () => {
  const bare = await startTestApp();
  try {
    const { body } = await bare.as(undefined).get(`${BASE}/cosign.pub`).expect(404);
    expect(body.detail).toBe('this server has no release key, so it signs no releases');
    await bare.as(undefined).get(`${BASE}/attestation.pub`).expect(404);
    const set = await bare.as(undefined).get(`${BASE}/jwks.json`).buffer().parse(asJson).expect(200);
    expect(set.body).toEqual({ keys: [] });
  } finally {
    await bare.close();
  }
});

/** supertest guesses by the media type, and knows neither of these. */
function asText(answer: any, done: (error: Error | null, text: string) => void): void {
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => (text += chunk));
  answer.on('end', () => done(null, text));
}

function asJson(answer: any, done: (error: Error | null, body: any) => void): void {
  asText(answer, (error, text) => done(error, JSON.parse(text)));
}

function textOf({ body, headers }: any): { text: string; headers: Record<string, string> } {
  return { text: body, headers };
}
