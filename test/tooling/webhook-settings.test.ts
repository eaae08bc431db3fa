import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { loadSecretBox } from '../../src/platform/keys/load-secret-box.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-webhooks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const box = (env: Record<string, string>) => loadSecretBox(readConfig({ SLUICE_DATA_DIR: folder, ...env }));

describe('the settings of webhooks', () => {
  it('allow no network and keep deliveries for 30 days, where nothing is set', () => {
    expect(readConfig({}).webhooks).toEqual({ allow: [], days: 30, keys: undefined });
    const set = { SLUICE_WEBHOOK_ALLOW: '10.0.0.0/8, fd00::/8', SLUICE_WEBHOOK_DAYS: '7' };
    expect(readConfig(set).webhooks).toMatchObject({ allow: ['10.0.0.0/8', 'fd00::/8'], days: 7 });
  });

  it.each([
    [{ SLUICE_WEBHOOK_ALLOW: '10.0.0.1/8' }, 'SLUICE_WEBHOOK_ALLOW="10.0.0.1/8": "10.0.0.1/8" has bits set'],
    [{ SLUICE_WEBHOOK_ALLOW: '10.0.0.0/8,localhost' }, '"localhost" is not a CIDR'],
    [{ SLUICE_WEBHOOK_DAYS: '0' }, 'SLUICE_WEBHOOK_DAYS="0": use a whole number from 1 to 3650'],
  ])('name what is wrong with %o', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });
});

describe('the key that seals secrets', () => {
  const [one, two] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

  it('is made once where keys are made, for its owner only', () => {
    const { names } = box({});
    expect(names).toHaveLength(1);
    expect(box({}).names).toEqual(names);
    const file = join(folder, 'keys', 'webhooks.key');
    expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is given where a database is, as it stands or in a file; without, nothing is sealed', () => {
    const env = { DATABASE_URL: 'postgresql://me@127.0.0.1/x' };
    expect(box(env).names).toEqual([]);
    const file = join(folder, 'given.key');
    writeFileSync(file, `${two}\n`);
    const given = box({ ...env, SLUICE_WEBHOOK_KEYS: `${one}, ${file}` });
    const [first, second] = [one, two].map((key) => box({ ...env, SLUICE_WEBHOOK_KEYS: key }));
    expect(given.names).toEqual([...first!.names, ...second!.names]);
    const secret = randomBytes(32);
    const kept = second!.seal(secret, 'here');
    expect(Buffer.from(given.open(kept, 'here'))).toEqual(secret);
    expect(given.seal(secret, 'here').sealedWith).toBe(first!.names[0]);
  });

  it.each([
    ['/nowhere/a.key', 'SLUICE_WEBHOOK_KEYS, entry 1, cannot be read: ENOENT'],
    [`${one},${one.slice(4)}`, 'SLUICE_WEBHOOK_KEYS, entry 2, cannot be read: ENOENT'],
  ])('is refused in one line that does not repeat it', (keys, message) => {
    expect(() => box({ SLUICE_WEBHOOK_KEYS: keys })).toThrow(message);
    expect(() => box({ SLUICE_WEBHOOK_KEYS: keys })).not.toThrow(one.slice(4));
  });

  it('is refused where a file has something else', () => {
    const file = join(folder, 'other.key');
    writeFileSync(file, 'geheim');
    const attempt = () => box({ SLUICE_WEBHOOK_KEYS: file });
    expect(attempt).toThrow('is no key: use base64 of 32 bytes');
    expect(attempt).not.toThrow('geheim');
  });
});
