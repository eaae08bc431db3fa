import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../support/cli.js';
import { makeRelease, RELEASE_KEY } from '../../support/releases.js';
import { type StandInRegistry, startStandIn } from '../../support/stand-in-registry.js';
import { allow, deny } from '../../domain/plan/objects.js';

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);

/** Ends the process, as nothing else can, before the nth time that it makes, moves or removes something. */
const KILLER = `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
let times = 0;
for (const name of ['mkdirSync', 'openSync', 'renameSync', 'symlinkSync', 'rmSync']) {
  const real = fs[name];
  fs[name] = (...words) => {
    const counts = words[1] !== 'r' && String(words[0]).startsWith(process.env.KILL_IN);
    if (counts && ++times === Number(process.env.KILL_AT)) for (;;) process.kill(process.pid, 'SIGKILL');
    return real(...words);
  };
}
syncBuiltinESMExports();
`;

let registry: StandInRegistry;
let home = '';
beforeAll(async () => {
  registry = await startStandIn();
  home = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
  writeFileSync(join(home, 'killer.mjs'), KILLER);
  registry.releases = [makeRelease(1, [web, deny()]), makeRelease(2, [web, db, deny()]), makeRelease(3, [db, deny()])];
  registry.latest = 1;
});
afterAll(async () => {
  await registry.close();
  rmSync(home, { recursive: true });
});

const env = () => ({
  SLUICE_URL: registry.url,
  SLUICE_TOKEN: 'slc_test',
  HOME: home,
  SLUICE_KEY: RELEASE_KEY.publicPem,
});
const pull = (out: string) => runCli(['pull', 'dev', '-o', out], { env: env() });

async function pullAndDie(out: string, at: number): Promise<string | number> {
  const killer = pathToFileURL(join(home, 'killer.mjs')).href;
  const child = spawn(process.execPath, ['--import', killer, resolve('dist/bin/sluice.js'), 'pull', 'dev', '-o', out], {
    env: { ...env(), KILL_AT: String(at), KILL_IN: out },
    stdio: 'ignore',
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal ?? code ?? 0;
}

test('a pull that is killed at any moment leaves the old version or the new one, and the next one mends it', async () => {
  const base = join(home, 'base');
  await pull(base);
  registry.latest = 2;
  await pull(base);
  registry.latest = 3;
  const seen = new Set<string>();
  for (let at = 1; ; at++) {
    const out = join(home, `out-${at}`);
    cpSync(base, out, { recursive: true, verbatimSymlinks: true });
    const ended = await pullAndDie(out, at);
    const verified = await runCli(['verify', out], { env: env() });
    expect(verified, `killed at ${at}`).toMatchObject({ code: 0, err: '' });
    seen.add(/version \d/.exec(verified.out)?.[0] ?? '');
    expect(await pull(out), `killed at ${at}`).toMatchObject({ code: 0, out: expect.stringContaining('version 3') });
    if (ended === 0) break;
    expect(ended).toBe('SIGKILL');
  }
  expect([...seen]).toEqual(['version 2', 'version 3']);
}, 120_000);
