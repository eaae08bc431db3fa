import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixedKey } from '../../support/fixed-keys.js';
import { type Around, runCli } from '../../support/cli.js';
import { makeRelease, type Making, RELEASE_KEY, sha256, STRANGER } from '../../support/releases.js';
import { type Reply, type StandInRegistry, startStandIn } from '../../support/stand-in-registry.js';
import { allow, deny } from '../../domain/plan/objects.js';

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);
const one = [web, deny()];
const two = [web, db, deny()];
const three = [db, deny(), allow('log', { app: 'log' }, ['db'], 'zoo')];

let registry: StandInRegistry;
let home = '';
let out = '';
beforeEach(async () => {
  registry = await startStandIn();
  home = mkdtempSync(join(tmpdir(), 'sluice-pull-'));
  out = join(home, 'dev');
  writeFileSync(join(home, 'key.pub'), RELEASE_KEY.publicPem);
});
afterEach(async () => {
  await registry.close();
  rmSync(home, { recursive: true });
});

const env = () => ({
  SLUICE_URL: registry.url,
  SLUICE_TOKEN: 'slc_test',
  HOME: home,
  SLUICE_KEY: RELEASE_KEY.publicPem,
});
const pull = (ref = 'dev', words: readonly string[] = [], around: Around = {}) =>
  runCli(['pull', ref, '-o', out, ...words], { env: env(), ...around });
const verify = (folder = out, key = join(home, 'key.pub')) => runCli(['verify', folder, '--key', key], { env: {} });
const publish = (version: number, policies = one, making: Making = {}) => {
  const release = makeRelease(version, policies, making);
  registry.releases = [...registry.releases, release];
  registry.latest = version;
  return release;
};
/** Everything below a folder, with its bytes: what a refused pull must leave as it was. */
function everything(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path,
        entry.isFile() ? sha256(readFileSync(path)) : entry.isSymbolicLink() ? readlinkSync(path) : 'folder',
      ];
    }),
  );
}
const only = (pattern: RegExp, change: (reply: Reply) => Reply | undefined) => (path: string, reply: Reply) =>
  pattern.test(path) ? change(reply) : reply;

describe('sluice pull', () => {
  test('a first version: its files, and all that verifying needs', async () => {
    const { digest } = publish(1);
    const ran = await pull('dev', ['--format', 'json']);
    expect(ran.code).toBe(0);
    const { outcome, version, folder, ...rest } = JSON.parse(ran.out);
    expect({ outcome, version, digest: rest.digest }).toEqual({ outcome: 'pulled', version: 1, digest });
    expect(readdirSync(join(out, 'current/manifests')).sort()).toEqual(['kustomization.yaml', 'shop.yaml']);
    expect(join(out, readlinkSync(join(out, 'current')))).toBe(folder);
    expect(readdirSync(out).sort()).toEqual(['current', 'versions']);
    expect(await verify()).toMatchObject({ code: 0, err: '' });
    expect(new Set(registry.asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer slc_test']));
  });

  test('the same version again: one question, and nothing is fetched', async () => {
    publish(1);
    await pull();
    const before = everything(out);
    registry.asked.length = 0;
    const ran = await pull('dev', ['--format', 'json']);
    expect([ran.code, JSON.parse(ran.out).outcome]).toEqual([0, 'unchanged']);
    expect(registry.asked.map(({ path }) => path)).toEqual(['/v2/sluice/dev/manifests/latest']);
    expect(everything(out)).toEqual(before);
  });

  test('what was damaged on the disk since is fetched anew', async () => {
    publish(1);
    await pull();
    writeFileSync(join(out, 'current/manifests/shop.yaml'), 'kind: Pod\n');
    const ran = await pull('dev', ['--format', 'json']);
    expect([ran.code, JSON.parse(ran.out).outcome]).toEqual([0, 'pulled']);
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test('versions by number, and back to a newer one; the one before stays beside it', async () => {
    publish(1);
    publish(2, two);
    publish(3, three);
    expect((await pull('dev@2')).code).toBe(0);
    expect((await pull('dev')).out).toContain('dev version 3');
    expect((await pull('dev@v1')).out).toContain('dev version 1');
    expect((await pull('dev@1.0.2')).out).toContain('dev version 2');
    const kept = readdirSync(join(out, 'versions')).map((name) => Number(name.split('-')[0]));
    expect(kept.sort()).toEqual([1, 2, 3]);
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test('either form of signature, and either of two keys', async () => {
    publish(1, one, { keys: [STRANGER, RELEASE_KEY] });
    registry.twist = only(/\.sig$/, () => ({ status: 404, bytes: Buffer.from('{}') }));
    expect((await pull()).code).toBe(0);
    expect(readdirSync(join(out, 'current/release'))).toContain('bundle-0.sigstore.json');
    expect(await verify()).toMatchObject({ code: 0 });
    registry.twist = only(/\/referrers\//, () => ({ status: 404, bytes: Buffer.from('{}') }));
    expect((await pull('dev', ['-o', join(home, 'other')])).code).toBe(0);
    expect(await verify(join(home, 'other'))).toMatchObject({ code: 0 });
  });

  describe('is refused, and leaves what was verified last', () => {
    const altered = (pattern: RegExp, change: (text: string) => string) =>
      only(pattern, (reply) => ({
        ...reply,
        bytes: Buffer.from(change(Buffer.from(reply.bytes).toString('latin1')), 'latin1'),
      }));
    const renamed = (name: string) => (right: Buffer) => {
      const tar = Buffer.from(right);
      const at = tar.indexOf('shop.yaml\0');
      tar.fill(0, at, at + 100).write(name, at);
      return resealed(tar, at);
    };
    const typed = (flag: string, link: string) => (right: Buffer) => {
      const tar = Buffer.from(right);
      const at = tar.indexOf('shop.yaml\0');
      tar.write(flag, at + 156);
      tar.write(link, at + 157);
      return resealed(tar, at);
    };
    /** With a checksum that is right again. */
    const resealed = (tar: Buffer, at: number) => {
      tar.fill(' ', at + 148, at + 156);
      const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
      tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148);
      return tar;
    };

    const cases: [what: string, prepare: () => void, message: RegExp][] = [
      ['another key', () => publish(2, two, { keys: [STRANGER] }), /no signature is of the key/],
      ['no signature', () => publish(2, two, { keys: [] }), /there is no signature/],
      [
        'a manifest that was changed',
        () => {
          publish(2, two);
          registry.twist = altered(/manifests\/latest$/, (text) => text.replace('bundle 2', 'bundle 3'));
        },
        /not signed as it should be/,
      ],
      [
        'a signature of another version',
        () => {
          const { entries } = publish(2, two);
          const other = makeRelease(3, three).entries.find(({ tag }) => tag !== undefined);
          const blobs = makeRelease(3, three).entries;
          registry.releases = [...registry.releases, { ...makeRelease(3, three), entries: [...blobs, other!] }];
          registry.latest = 2;
          const sig = entries.find(({ tag }) => tag !== undefined)!.tag!;
          registry.twist = (path, reply) =>
            path.endsWith(sig) || path.includes('/referrers/')
              ? { status: 200, bytes: path.endsWith(sig) ? other!.bytes! : Buffer.from('{"manifests":[]}') }
              : reply;
        },
        /is about|there is no signature/,
      ],
      [
        'a blob that was tampered with',
        () => {
          const { layer } = publish(2, two);
          registry.twist = only(new RegExp(sha256(layer)), (reply) => ({
            ...reply,
            bytes: Buffer.from(reply.bytes).fill(0, 40, 44),
          }));
        },
        /the layer is sha256:/,
      ],
      [
        'a blob that is too short',
        () => {
          const { layer } = publish(2, two);
          registry.twist = only(new RegExp(sha256(layer)), (reply) => ({ ...reply, bytes: reply.bytes.slice(0, -1) }));
        },
        /the layer has \d+ bytes/,
      ],
      [
        'a blob that does not end',
        () => {
          const { layer } = publish(2, two);
          registry.twist = only(new RegExp(sha256(layer)), (reply) => ({
            ...reply,
            bytes: Buffer.concat([reply.bytes, Buffer.alloc(99)]),
          }));
        },
        /larger than the manifest says/,
      ],
      [
        'a signed archive that is cut',
        () => publish(2, two, { tar: (tar) => tar.subarray(0, 1600) }),
        /it ends within/,
      ],
      ['one without its end', () => publish(2, two, { tar: (tar) => tar.subarray(0, -512) }), /its end is cut/],
      [
        'one with something behind its end',
        () => publish(2, two, { tar: (tar) => Buffer.concat([tar, Buffer.alloc(512, 1)]) }),
        /behind its end/,
      ],
      ['a name that leads elsewhere', () => publish(2, two, { tar: renamed('../../shop.yaml') }), /has no plain name/],
      ['an absolute name', () => publish(2, two, { tar: renamed('/tmp/shop.yaml') }), /has no plain name/],
      ['a name in a folder', () => publish(2, two, { tar: renamed('a/shop.yaml') }), /has no plain name/],
      ['a name with a backslash', () => publish(2, two, { tar: renamed('..\\shop.yaml') }), /has no plain name/],
      [
        'the same name twice',
        () => publish(2, two, { tar: renamed('kustomization.yaml') }),
        /two files kustomization.yaml/,
      ],
      ['a symbolic link', () => publish(2, two, { tar: typed('2', '/etc/passwd') }), /no regular file/],
      ['a hard link', () => publish(2, two, { tar: typed('1', '/etc/passwd') }), /no regular file/],
      ['an extended header', () => publish(2, two, { tar: typed('x', '') }), /no regular file/],
      [
        'a checksum that does not fit',
        () => publish(2, two, { tar: (tar) => Buffer.from(tar).fill('7', 100, 104) }),
        /checksum/,
      ],
      [
        'other content than it says',
        () => publish(2, two, { contentDigest: sha256('else') }),
        /the content is sha256:/,
      ],
      [
        'another environment',
        () => publish(2, two, { environment: 'prod' }),
        /version 2 of environment prod, not of dev/,
      ],
    ];

    test.each(cases)('%s', async (_what, prepare, message) => {
      publish(1);
      await pull();
      const before = everything(out);
      prepare();
      const ran = await pull('dev', [], { now: new Date(Date.now() + 3 * 86_400_000 + 1_000) });
      expect(ran.err).toMatch(message);
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/still there: dev version 1 of .*, pulled 3 days ago/);
      expect(ran.out).toBe('');
      expect(everything(out)).toEqual(before);
      expect(await verify()).toMatchObject({ code: 0 });
    });

    test('an older version as the latest, unless it is allowed', async () => {
      publish(1);
      publish(2, two);
      await pull();
      registry.latest = 1;
      const refused = await pull();
      expect(refused).toMatchObject({
        code: 1,
        err: expect.stringContaining('newest version given is 1, and 2 was known before'),
      });
      expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('version 2') });
      expect((await pull('dev', ['--allow-older'])).code).toBe(0);
      expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('version 1') });
    });

    test('an older version as the latest also after a look at an old one', async () => {
      for (const [at, policies] of [one, two, three].entries()) publish(at + 1, policies);
      await pull();
      await pull('dev@1');
      registry.latest = 2;
      expect(await pull()).toMatchObject({ code: 1, err: expect.stringContaining('3 was known before') });
    });

    test('another version than the one that was asked for', async () => {
      publish(1);
      publish(2, two);
      const [, second] = registry.releases;
      registry.twist = only(/manifests\/v1$/, (reply) => ({ ...reply, bytes: second!.entries[0]!.bytes! }));
      expect(await pull('dev@1')).toMatchObject({
        code: 1,
        err: expect.stringContaining('signed as version 2, not 1'),
      });
      expect(existsSync(out)).toBe(false);
    });

    test('another content under a number that is known', async () => {
      publish(1);
      await pull();
      registry.releases = [];
      publish(1, two);
      expect(await pull()).toMatchObject({ code: 1, err: expect.stringContaining('though versions never change') });
    });
  });

  describe('cannot tell', () => {
    test('a server that is away: it tries again, then says what is still there', async () => {
      publish(1);
      await pull();
      const before = everything(out);
      registry.twist = () => undefined;
      const ran = await pull('dev', ['--format', 'json']);
      expect(ran).toMatchObject({
        code: 2,
        err: expect.stringMatching(/does not answer[^]*still there: dev version 1/),
      });
      expect(ran.waits).toHaveLength(3);
      expect(JSON.parse(ran.out)).toMatchObject({ outcome: 'kept', version: 1 });
      expect(everything(out)).toEqual(before);
    });

    test('503 for a while is waited for, as long as it says', async () => {
      publish(1);
      let times = 0;
      registry.twist = (path, reply) =>
        path.endsWith('/latest') && times++ < 2
          ? { status: 503, bytes: Buffer.alloc(0), headers: { 'retry-after': '7' } }
          : reply;
      expect(await pull()).toMatchObject({ code: 0, waits: [7_000, 7_000] });
    });

    test('a redirect is not followed: the token is for this server alone', async () => {
      const other = await startStandIn();
      registry.twist = (path) => ({ status: 307, bytes: Buffer.alloc(0), headers: { location: other.url + path } });
      expect(await pull()).toMatchObject({ code: 2, err: expect.stringContaining(`redirects to ${other.url}`) });
      expect(other.asked).toEqual([]);
      await other.close();
    });

    test('what breaks off is tried again', async () => {
      const { layer } = publish(1);
      let times = 0;
      registry.twist = (path, reply) => (path.endsWith(sha256(layer)) && times++ === 0 ? undefined : reply);
      expect(await pull()).toMatchObject({ code: 0, waits: [expect.any(Number)] });
    });

    test.each([
      ['no such version', 'dev@9', /it is not there \(404\)/],
      ['no such name', 'Dev', /"Dev" is no name of an environment/],
      ['a number too many', 'dev@0', /404/],
    ])('%s', async (_what, ref, message) => {
      expect(await pull(ref)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
      expect(existsSync(out)).toBe(false);
    });

    test('no key, a key of another kind, no server, no token', async () => {
      const { SLUICE_KEY: _, ...noKey } = env();
      expect(await pull('dev', [], { env: noKey })).toMatchObject({
        code: 2,
        err: expect.stringContaining('no key to verify with'),
      });
      writeFileSync(join(home, 'p384.pub'), fixedKey('x', 'secp384r1').publicPem);
      writeFileSync(join(home, 'private.pem'), RELEASE_KEY.privatePem);
      expect(await pull('dev', ['--key', join(home, 'p384.pub')])).toMatchObject({
        code: 2,
        err: expect.stringContaining('secp384r1'),
      });
      expect(await pull('dev', ['--key', join(home, 'private.pem')])).toMatchObject({
        code: 2,
        err: expect.stringContaining('PRIVATE KEY'),
      });
      const { SLUICE_URL: _u, ...noUrl } = env();
      expect(await pull('dev', [], { env: noUrl })).toMatchObject({
        code: 2,
        err: expect.stringContaining('no server is known'),
      });
      const { SLUICE_TOKEN: _t, ...noToken } = env();
      expect(await pull('dev', [], { env: noToken })).toMatchObject({
        code: 2,
        err: expect.stringContaining('no token'),
      });
    });
  });

  test('every problem that a server names is a line', async () => {
    const errors = ['#/a', '#/b'].map((pointer) => ({ pointer, code: 'wrong', detail: 'is \u001b[31mwrong' }));
    const bytes = Buffer.from(JSON.stringify({ detail: 'it has 2 problems', errors }));
    registry.twist = () => ({ status: 422, bytes });
    const ran = await runCli(['diff', 'dev', '1', '2'], { env: env() });
    const lines = ['2 problems', '#/a is [31mwrong', '#/b is [31mwrong'];
    expect(ran).toMatchObject({ code: 2, out: '', err: lines.map((line) => `sluice diff: ${line}\n`).join('') });
  });

  test('two pulls at once: whichever ends last, the newer version is current, and both verify', async () => {
    publish(1);
    await pull();
    const { layer } = publish(2, two);
    // The one that is told 2 is held before it has all of it, until the one that is told 3 is over.
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const asksForLayer = new Promise<void>((resolve) => {
      registry.hold = (path) => (path.endsWith(sha256(layer)) ? (resolve(), held) : Promise.resolve());
    });
    const second = pull('dev');
    await asksForLayer;
    publish(3, three);
    expect((await pull()).code).toBe(0);
    letGo();
    expect((await second).code).toBe(0);
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('version 3') });
    const both = await Promise.all([pull('dev'), pull('dev@2'), pull('dev@2')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test('a folder that cannot be written is said in a line', async () => {
    publish(1);
    writeFileSync(out, 'a file in its place');
    const ran = await pull();
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^sluice pull: E[A-Z]+: .*\n$/) });
    expect(readFileSync(out, 'utf8')).toBe('a file in its place');
  });

  test('what killed pulls left goes when it is old', async () => {
    publish(1);
    await pull();
    for (const [name, age] of [
      ['.new.0123456789ab', 7200],
      ['.old.0123456789ab', 10],
    ] as const) {
      mkdirSync(join(out, name));
      utimesSync(join(out, name), Date.now() / 1000 - age, Date.now() / 1000 - age);
    }
    await pull();
    expect(readdirSync(out).sort()).toEqual(['.old.0123456789ab', 'current', 'versions']);
  });

  test('a link in the place of current that leads elsewhere counts as none', async () => {
    publish(1);
    mkdirSync(out);
    symlinkSync('/etc', join(out, 'current'));
    expect((await pull()).code).toBe(0);
    expect(readlinkSync(join(out, 'current'))).toMatch(/^versions\/1-/);
  });

  test('progress only where someone watches', async () => {
    publish(1);
    const watched = await pull('dev', [], { terminal: ['err'] });
    expect(watched.err).toContain('\r\u001b[K');
    expect((await pull('dev')).err).toBe('unchanged since it was pulled\n');
    expect((await pull('dev', ['--quiet'], { terminal: ['err'] })).err).toBe('');
  });
});
