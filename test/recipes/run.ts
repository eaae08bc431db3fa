import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the recipes are. */
export const RECIPES = resolve('examples/ci');

/** The address that recipes are written for; a test puts its own server there. */
export const ADDRESS = 'https://sluice.example.com';

export interface Ran {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. Not spawnSync: this process has the server. It gets PATH and a home of its own, and nothing else of this environment,
 * which may have proxies and tokens.
 */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = '' }: { cwd: string; env?: Record<string, string>; input?: string },
): Promise<Ran> {
  const path = [env['PATH'], process.env['PATH']].filter(Boolean).join(':');
  const child = spawn(command, args, { cwd, env: { HOME: cwd, ...env, PATH: path }, stdio: 'pipe' });
  child.stdin.on('error', () => undefined); // one that reads nothing has closed it
  child.stdin.end(input);
  const [stdout, stderr, [status, signal]] = await Promise.all([
    child.stdout.toArray(),
    child.stderr.toArray(),
    once(child, 'close') as Promise<[number | null, string]>,
  ]);
  return {
    status: status ?? signal,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}

/** Which of the programs are not on this machine; says so once, as what needs them is skipped. */
export function missing(what: string, ...programs: string[]): readonly string[] {
  const absent = programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (absent.length > 0) console.log(`skipped: ${what}, as ${absent.join(', ')} is not on this machine`);
  return absent;
}

/** A folder of a test's own. */
export function folder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-recipe-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
