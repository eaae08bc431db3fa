import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KeySettings, readConfig } from '../../src/platform/config.js';
import { loadKeys } from '../../src/platform/keys/load-keys.js';
import { type KeyRing, type SigningKeys } from '../../src/platform/keys/signing-keys.js';
import { fixedKey } from '../support/fixed-keys.js';

const [NEW, OLD, ATTESTATION] = [fixedKey('new'), fixedKey('old'), fixedKey('attestation')];
const NONE: KeySettings = { release: undefined, attestation: undefined, generate: false };

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'sluice-keys-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

const load = (settings: Partial<KeySettings>): SigningKeys => loadKeys({ dataDir, keys: { ...NONE, ...settings } });
const file = (name: string, text: string): string => {
  writeFileSync(join(dataDir, name), text);
  return join(dataDir, name);
};
const hints = ({ signers, published }: KeyRing) => ({
  signers: signers.map(({ hint }) => hint),
  published: published.map(({ hint }) => hint),
});
const hintsOf = (...keys: { signer: { hint: string } }[]) => keys.map(({ signer }) => signer.hint);

/** What a refusal says; there is always one, of one line, that shows no key. */
function refusal(settings: Partial<KeySettings>): string {
  try {
    load(settings);
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    for (const given of [settings.release, settings.attestation])
      for (const secret of (given ?? '').split(/[\s,]+/).filter((word) => /^[\w+=-]{40,}/.test(word)))
        expect(message).not.toContain(secret.slice(0, 40));
    return message;
  }
  return expect.fail('it was taken');
}

describe('keys that are made', () => {
  test('are two, kept for their owner only, and the same at the next start', () => {
    rmSync(dataDir, { recursive: true }); // a first start makes the data folder too
    const first = load({ generate: true });
    const { signers, published } = hints(first.release);
    expect(signers.length).toBe(1);
    expect(published).toEqual(signers);
    expect(hints(first.attestation).signers).not.toEqual(signers);
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['attestation.pem', 'release.pem']);
    if (process.platform !== 'win32') {
      expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
      for (const name of ['attestation.pem', 'release.pem'])
        expect(statSync(join(dataDir, 'keys', name)).mode & 0o777).toBe(0o600);
    }
    const second = load({ generate: true });
    expect([hints(second.release), hints(second.attestation)]).toEqual([
      hints(first.release),
      hints(first.attestation),
    ]);
  });

  test('processes that start at once end with the same', async () => {
    const target = join(dataDir, 'keys', 'release.pem');
    const code = `const { keptKey } = await import('./dist/platform/keys/kept-key.js');
      const { newSigningKey } = await import('./dist/platform/keys/key.js');
      while (Date.now() < ${Date.now() + 700});
      process.stdout.write(keptKey(process.argv[1], newSigningKey));`;
    const one = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, target]);
    const outputs = await Promise.all([one(), one(), one(), one(), one(), one()]);
    const kept = readFileSync(target, 'utf8');
    expect(kept).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(outputs.map(({ stdout }) => stdout)).toEqual(outputs.map(() => kept));
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['release.pem']);
  });

  test('are never made again where something is kept that cannot be read', () => {
    mkdirSync(join(dataDir, 'keys'));
    const kept = join(dataDir, 'keys', 'release.pem');
    writeFileSync(kept, '');
    expect(refusal({ generate: true })).toBe(
      `the release key in ${kept} (SLUICE_DATA_DIR) has no key in PEM, from -----BEGIN to -----END`,
    );
    expect(readFileSync(kept, 'utf8')).toBe('');
  });

  test('are not made where some are given, or where it is off', () => {
    expect(hints(load({ generate: true, release: OLD.privatePem }).release).signers).toEqual(hintsOf(OLD));
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['attestation.pem']);
    expect(hints(load({}).release)).toEqual({ signers: [], published: [] });
  });

  test('are a matter of the data folder: with a database of many processes only when asked for', () => {
    const settings = (env: NodeJS.ProcessEnv) => readConfig(env).keys;
    const url = 'postgresql://me@127.0.0.1/x';
    expect(settings({})).toEqual({ ...NONE, generate: true });
    expect(settings({ SLUICE_GENERATE_KEYS: 'off' })).toEqual(NONE);
    expect(settings({ DATABASE_URL: url })).toEqual(NONE);
    expect(settings({ DATABASE_URL: url, SLUICE_GENERATE_KEYS: 'on' })).toEqual({ ...NONE, generate: true });
    expect(() => settings({ SLUICE_GENERATE_KEYS: 'yes' })).toThrow('SLUICE_GENERATE_KEYS="yes": use one of on, off');
    const given = { SLUICE_RELEASE_KEYS: 'a.pem', SLUICE_ATTESTATION_KEYS: 'b.pem' };
    expect(settings({ DATABASE_URL: url, ...given })).toEqual({
      release: 'a.pem',
      attestation: 'b.pem',
      generate: false,
    });
  });
});

describe('keys that are given', () => {
  test('sign what their public half verifies, in every form in which they come', () => {
    const key = createPrivateKey(OLD.privatePem);
    const sec1 = key.export({ type: 'sec1', format: 'pem' }).toString();
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    for (const given of [
      OLD.privatePem,
      sec1,
      `a comment\n${parameters}${sec1}`,
      OLD.privatePem.replaceAll('\n', '\\n'),
      OLD.privatePem.replaceAll('\n', '\r\n'),
      file('release.key', OLD.privatePem),
      ` ${file('release.key', sec1)} `,
    ]) {
      const { release } = load({ release: given });
      expect(hints(release)).toEqual({ signers: hintsOf(OLD), published: hintsOf(OLD) });
      const [signature] = release.signers.map(({ sign }) => sign(Buffer.from('bytes')));
      expect(verify('sha256', Buffer.from('bytes'), OLD.publicPem, signature!)).toBe(true);
      expect(verify('sha256', Buffer.from('other'), OLD.publicPem, signature!)).toBe(false);
      expect(release.published[0]?.pem).toBe(OLD.publicPem);
    }
  });

  test('all sign while they change; old ones may be published only, and come last', () => {
    const retired = fixedKey('retired');
    const both = `${file('retired.pub', retired.publicPem)}, ${file('new.pem', NEW.privatePem)},${file('old.pem', OLD.privatePem)}`;
    expect(hints(load({ release: both }).release)).toEqual({
      signers: hintsOf(NEW, OLD),
      published: hintsOf(NEW, OLD, retired),
    });
    const inOne = [NEW.privatePem, OLD.privatePem, retired.publicPem].join('');
    expect(hints(load({ release: inOne }).release).published).toEqual(hintsOf(NEW, OLD, retired));
  });

  test('count once, also where their halves come apart', () => {
    const { release } = load({ release: OLD.publicPem + OLD.privatePem + OLD.publicPem });
    expect(hints(release)).toEqual({ signers: hintsOf(OLD), published: hintsOf(OLD) });
  });

  test('have the name that cosign gives them, however their point is written', () => {
    const compressed = Buffer.concat([
      Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
      point(OLD.publicPem),
    ]).toString('base64');
    const pem = `-----BEGIN PUBLIC KEY-----\n${compressed.replace(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;
    const { published } = load({ release: NEW.privatePem + pem }).release;
    expect(published.map(({ hint }) => hint)).toEqual(hintsOf(NEW, OLD));
    expect(published[1]?.pem).toBe(OLD.publicPem);
  });
});

/** Compressed: its first byte says whether y is odd. */
function point(publicPem: string): Buffer {
  const der = Buffer.from(publicPem.replace(/-----.*-----|\n/g, ''), 'base64');
  const [x, y] = [der.subarray(-64, -32), der.subarray(-32)];
  return Buffer.concat([Buffer.from([2 + ((y[31] ?? 0) & 1)]), x]);
}

describe('what cannot be used is refused, in one line that names the setting', () => {
  const pair = (type: 'rsa' | 'ed25519') =>
    (type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')).privateKey
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const locked = () =>
    createPrivateKey(OLD.privatePem)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString();
  const mismatched = () => {
    const [own, other] = [NEW, OLD].map(({ privatePem }) => createPrivateKey(privatePem).export({ format: 'jwk' }));
    return createPrivateKey({ key: { ...own, x: other?.x, y: other?.y } as never, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  };

  test.each([
    ['another curve', () => fixedKey('x', 'secp384r1').privatePem, 'key 1 of 1 is on secp384r1: use ECDSA P-256'],
    ['a public key on another curve', () => OLD.privatePem + fixedKey('x', 'secp384r1').publicPem, 'key 2 of 2 is on'],
    ['RSA', () => pair('rsa'), 'key 1 of 1 is a key for rsa: use ECDSA P-256'],
    ['Ed25519', () => pair('ed25519'), 'key 1 of 1 is a key for ed25519: use ECDSA P-256'],
    ['a password', locked, 'key 1 of 1 is locked with a password'],
    ['noise', () => OLD.privatePem.replace(/M/g, 'x'), 'key 1 of 1 cannot be read'],
    ['halves of two keys', mismatched, 'key 1 of 1 '],
    ['a certificate', () => OLD.publicPem.replaceAll('PUBLIC KEY', 'CERTIFICATE'), 'key 1 of 1 is a CERTIFICATE: give'],
    ['half of a PEM', () => OLD.privatePem.slice(0, -20), 'has no key in PEM'],
    ['public keys only', () => OLD.publicPem, 'has public keys only: add the PRIVATE KEY that signs'],
  ])('%s', (_, given, message) => {
    const said = refusal({ release: given() });
    expect(said).toMatch(/^SLUICE_RELEASE_KEYS\b/);
    expect(said).toContain(message);
  });

  test('a file that is not there, and one that is not a key', () => {
    const there = file('old.pem', OLD.privatePem);
    expect(refusal({ release: `${there},/nowhere/key.pem` })).toBe(
      'SLUICE_RELEASE_KEYS, "/nowhere/key.pem" cannot be read: ENOENT',
    );
    expect(refusal({ release: '/run/secrets/release_key' })).toContain('"/run/secrets/release_key" cannot be read');
    expect(refusal({ release: dataDir })).toMatch(/cannot be read: EISDIR$/);
    expect(refusal({ release: `${there},` })).toBe('SLUICE_RELEASE_KEYS, "" cannot be read: ENOENT');
    const no = file('not-a.key', 'nothing');
    expect(refusal({ release: no })).toBe(
      `SLUICE_RELEASE_KEYS, ${JSON.stringify(no)} has no key in PEM, from -----BEGIN to -----END`,
    );
  });

  test('a bare key where a path is expected is not repeated', () => {
    const base64 = OLD.privatePem.replace(/-----.*-----|\n/g, '');
    const { d } = createPrivateKey(OLD.privatePem).export({ format: 'jwk' });
    for (const bare of [
      base64,
      String(d),
      Buffer.from(String(d), 'base64url').toString('hex'),
      `{"kty":"EC","d":"${d}"}`,
    ])
      expect(refusal({ release: bare })).toMatch(/^SLUICE_RELEASE_KEYS, file 1 cannot be read: \w+$/);
  });

  test('one key for both, as a verifier would take what an attestation says for a release', () => {
    const { hint } = OLD.signer;
    expect(refusal({ release: NEW.privatePem + OLD.publicPem, attestation: OLD.privatePem })).toBe(
      `SLUICE_RELEASE_KEYS and SLUICE_ATTESTATION_KEYS share the key ${hint}: a verifier would take what an attestation says for a release`,
    );
  });

  test('attestations beside nothing', () => {
    expect(refusal({ attestation: ATTESTATION.privatePem })).toMatch(
      /^SLUICE_ATTESTATION_KEYS without SLUICE_RELEASE_KEYS/,
    );
    const { release, attestation } = load({ release: OLD.privatePem });
    expect([release.signers.length, attestation.signers.length]).toEqual([1, 0]);
  });
});
