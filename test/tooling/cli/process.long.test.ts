import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const PROGRAM = join(process.cwd(), 'tools/sluice.mjs');
const run = (words: string[], input = '') =>
  spawnSync(process.execPath, [PROGRAM, ...words], { input, encoding: 'utf8' });
const pods = (count: number) =>
  Array.from({ length: count }, (_, n) => `{apiVersion: v1, kind: Pod, metadata: {name: pod-${n}}}\n`).join('---\n');

describe('the command as a process', () => {
  beforeAll(() => void run(['--version'])); // builds, where something is stale

  test('npx runs it', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'sluice', '--version'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  });

  test('package.json and the lock file agree on it', () => {
    const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) =>
      JSON.parse(readFileSync(file, 'utf8')),
    );
    expect(lock.packages[''].bin).toEqual(manifest.bin);
    expect(existsSync(manifest.bin.sluice)).toBe(true);
  });

  test('exit codes reach the shell, results standard output, the rest standard error', () => {
    const two = run(['analyze', 'connections', '-'], pods(2));
    expect([two.status, two.stderr]).toEqual([0, '']);
    expect(two.stdout).toContain('default/pod-0[Pod] => default/pod-1[Pod] : All Connections\n');
    const none = run(['analyze', 'connections', '-'], 'a: [');
    expect([none.status, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('standard input: the YAML is broken at line 1');
  });

  test('a reader that goes away is no error', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'analyze', 'connections', '-'], { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    child.stdin.end(pods(300)); // 90,000 lines: more than any pipe holds
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'close');
    expect(said).toBe('');
  });
});
