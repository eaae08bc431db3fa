import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { digest } from '../../../src/domain/render/digest.js';
import { tarFiles, tarHeader, tarParts, type NamespaceYaml } from '../../../src/domain/render/tar.js';
import { renderCases } from './case-files.js';

const present = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const HAS_TAR = present('tar', '--version');
const HAS_KUSTOMIZE = HAS_TAR && present('kubectl', 'kustomize', '--help');
if (!HAS_TAR) console.log('skipped: unpacking with tar, as there is no tar on this machine');
if (!HAS_KUSTOMIZE) console.log('skipped: building with kubectl kustomize, as there is no kubectl on this machine');

const writeTar = (namespaces: readonly NamespaceYaml[]): Buffer => Buffer.concat(tarParts(namespaces));

const SOME: NamespaceYaml[] = [
  { namespace: 'a', yaml: Buffer.from('x'.repeat(513)) },
  { namespace: 'a-b', yaml: Buffer.from('') },
  { namespace: 'kustomization', yaml: Buffer.from('y'.repeat(512)) },
];

function unpacked<T>(archive: Uint8Array, look: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tar-'));
  try {
    writeFileSync(join(folder, 'bundle.tar'), archive);
    execFileSync('tar', ['xf', 'bundle.tar'], { cwd: folder });
    rmSync(join(folder, 'bundle.tar'));
    return look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the archive', () => {
  test('holds kustomization.yaml and a file for each namespace, sorted, and no name twice', () => {
    expect(tarFiles(SOME).map(({ name }) => name)).toEqual([
      'a-b.yaml',
      'a.yaml',
      'kustomization.yaml',
      'kustomization_.yaml',
    ]);
  });

  test('is the same bytes for the same files in any order, in whole blocks', () => {
    const archive = writeTar(SOME);
    expect(digest(writeTar([...SOME].reverse()))).toBe(digest(archive));
    expect(archive.length % 512).toBe(0);
    for (const { yaml } of SOME) expect(tarParts(SOME)).toContain(yaml);
  });

  test('has plain ustar headers: mode 0644, no owner, no time', () => {
    const header = Buffer.from(tarHeader({ name: 'a.yaml', content: Buffer.from('hello') }));
    const field = (from: number, to: number): string => header.toString('latin1', from, to);
    expect([field(0, 7), field(100, 108), field(108, 116), field(116, 124)]).toEqual([
      'a.yaml\0',
      '0000644\0',
      '0000000\0',
      '0000000\0',
    ]);
    expect([field(124, 136), field(136, 148), field(156, 157), field(257, 265)]).toEqual([
      '00000000005\0',
      '00000000000\0',
      '0',
      'ustar\x0000',
    ]);
    const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(field(148, 156)).toBe(`${sum.toString(8).padStart(6, '0')}\0 `);
  });

  test('refuses a file name that ustar cannot hold', () => {
    expect(() => tarHeader({ name: 'x'.repeat(101), content: Buffer.alloc(0) })).toThrow(/longer than 100 bytes/);
  });

  test.skipIf(!HAS_TAR)('is listed by tar with modes, owners and times as written', () => {
    const listed = unpacked(writeTar(SOME), (folder) => {
      writeFileSync(join(folder, 'again.tar'), writeTar(SOME));
      return execFileSync('tar', ['tvf', 'again.tar', '--numeric-owner', '--utc'], { cwd: folder, encoding: 'utf8' });
    });
    expect(listed.trim().split('\n')).toEqual([
      expect.stringMatching(/^-rw-r--r-- 0\/0 +0 1970-01-01 00:00 a-b.yaml$/),
      expect.stringMatching(/^-rw-r--r-- 0\/0 +513 1970-01-01 00:00 a.yaml$/),
      expect.stringMatching(/kustomization.yaml$/),
      expect.stringMatching(/^-rw-r--r-- 0\/0 +512 1970-01-01 00:00 kustomization_.yaml$/),
    ]);
  });

  test('lists its resources in the order of the stream, and asks kustomize to keep it', () => {
    const file = tarFiles(SOME).find(({ name }) => name === 'kustomization.yaml');
    expect(parse(Buffer.from(file?.content ?? []).toString())).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      sortOptions: { order: 'fifo' },
      resources: ['a.yaml', 'a-b.yaml', 'kustomization_.yaml'],
    });
  });

  test.skipIf(!HAS_KUSTOMIZE)('builds with kubectl kustomize to the same objects in the same order', () => {
    const cases = renderCases().filter(({ name }) =>
      ['small-example', 'one-label-many-values', 'values-that-look-like-something-else'].includes(name),
    );
    for (const { snapshot } of cases) {
      const { namespaces, policies } = renderBundle(snapshot);
      const built = unpacked(writeTar(namespaces), (folder) =>
        execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' }),
      );
      const objects = parseAllDocuments(built).map((document) => document.toJS() as NetworkPolicy);
      expect(objects).toEqual(JSON.parse(JSON.stringify(policies)));
    }
  });
});
