import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installBinaries, packagedBinaries } from '../../src/store/embedded/binaries.installer.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { isAlive, isZombie } from '../../src/store/embedded/process.table.js';
import { explained } from '../../src/store/embedded/program.spawn.js';

const asRoot = process.getuid?.() === 0;
const NOBODY = 65534;

/** A cluster that several tests use one after the other: initdb takes most of a first start. */
let common: string;
let folder: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeAll(() => {
  execFileSync(process.execPath, ['tools/build.mjs']);
  common = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  chmodSync(common, 0o755);
});

afterAll(() => {
  rmSync(common, { recursive: true, force: true });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  chmodSync(folder, 0o755);
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of running) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(dataDir = common, lines: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durability: 'throw-away', log: (line) => lines.push(line) });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Another process that owns `dataDir`, durable like the real one; gives its URL once the server runs. */
async function startElsewhere(
  dataDir: string,
  user: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string }> {
  const launcher = new URL('../../dist/store/embedded/embedded-postgres.launcher.js', import.meta.url).href;
  const program = `const { startEmbeddedPostgres } = await import(${JSON.stringify(launcher)});
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(url); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    ...user,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** The first process of a container may collect the dead late or never. */
function isRunning(pid: number): boolean {
  return isAlive(pid) && !isZombie(pid);
}

describe('startEmbeddedPostgres', () => {
  it('makes a cluster on the first start and finds its data on the second', async () => {
    const first = await start(join(folder, 'data'));
    await ask(first.url, 'create table kept as select 1 as n');
    expect(
      await ask(first.url, `select datlocprovider, datlocale from pg_database where datname = 'postgres'`),
    ).toEqual(['b', 'C.UTF-8']);
    await stop(first);
    const second = await start(join(folder, 'data'));
    expect(await ask(second.url, 'select n from kept')).toEqual([1]);
  });

  it('asks for a password, on 127.0.0.1 only', async () => {
    const server = await start();
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(await ask(server.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    expect(lstatSync(join(server.home, 'password')).mode & 0o077).toBe(0);
  });

  it('stops the server that a killed process left behind, and loses nothing that was committed', async () => {
    const { child, url } = await startElsewhere(common);
    await ask(url, 'create table committed as select 7 as n');
    const leftOver = postmasterOf(common);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(leftOver)).toBe(true);

    const lines: string[] = [];
    const server = await start(common, lines);
    expect(lines).toEqual([`stopping the database server ${leftOver}, left over by a process that was killed`]);
    await expect.poll(() => isRunning(leftOver)).toBe(false);
    expect(await ask(server.url, 'select n from committed')).toEqual([7]);
  });

  it('starts after process and server were killed together', async () => {
    const { child, url } = await startElsewhere(common);
    await ask(url, 'create table killed_twice as select 8 as n');
    process.kill(postmasterOf(common), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await ask((await start()).url, 'select n from killed_twice')).toEqual([8]);
  });

  it('leaves no server behind when its process ends without stopping it', async () => {
    const { child } = await startElsewhere(common);
    const postmaster = postmasterOf(common);
    child.kill('SIGTERM'); // no handler: the child dies at once, and does not run process.on('exit')
    await once(child, 'exit');
    const server = await start(common);
    await expect.poll(() => isRunning(postmaster)).toBe(false);
    expect(await ask(server.url, 'select 1')).toEqual([1]);
  });

  it('refuses a directory that a living process uses, and names the process', async () => {
    const { child, url } = await startElsewhere(common);
    await expect(start(common)).rejects.toThrow(`is in use by process ${child.pid}: stop that process`);
    expect(await ask(url, 'select 1')).toEqual([1]);
  });

  it('lets one of two that start at the same moment win', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => start(join(folder, 'data'))));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('is not fooled by the file of a dead owner whose process id lives again', async () => {
    writeFileSync(join(common, 'owner.json'), JSON.stringify({ pid: process.pid, port: 1, key: 'dead' }));
    expect(await ask((await start(common)).url, 'select 1')).toEqual([1]);
    expect(readdirSync(common).filter((name) => name.startsWith('owner.json'))).toEqual(['owner.json']);
  });

  it('waits for a server that is just being killed', async () => {
    const { child } = await startElsewhere(common);
    const dying = postmasterOf(common);
    process.kill(dying, 'SIGSTOP'); // answers nobody, and works on the cluster still
    child.kill('SIGKILL');
    await once(child, 'exit');
    setTimeout(() => process.kill(dying, 'SIGKILL'), 500);
    expect(await ask((await start(common)).url, 'select 1')).toEqual([1]);
  });

  it('leaves a stranger alone whose process id stands in a stale postmaster.pid', async () => {
    const server = await start(common);
    await stop(server);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    children.push(stranger);
    writeFileSync(
      join(common, 'cluster', 'postmaster.pid'),
      `${stranger.pid}\n${common}/cluster\n0\n1\n\n127.0.0.1\n\nready\n`,
    );
    expect(await ask((await start(common)).url, 'select 1')).toEqual([1]);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('begins anew where a death interrupted initdb', async () => {
    const dataDir = join(folder, 'data');
    mkdirSync(join(dataDir, 'unfinished-abc', 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'unfinished-abc', 'data', 'PG_VERSION'), '18');
    await start(dataDir);
    expect(existsSync(join(dataDir, 'unfinished-abc'))).toBe(false);
  });

  it('starts the server again on the same port when it dies', async () => {
    const lines: string[] = [];
    const server = await start(common, lines);
    await ask(server.url, 'create table survivor as select 0 as n');
    await ask(server.url, 'checkpoint'); // a throw-away server writes late
    process.kill(postmasterOf(server.home), 'SIGKILL');
    await expect
      .poll(() => ask(server.url, 'select n from survivor').catch(() => 'away'), { timeout: 20_000 })
      .toEqual([0]);
    expect(lines[0]).toBe('the database server ended unexpectedly (SIGKILL); starting it again');
  });

  it('says what the server said when it cannot start', async () => {
    const settings = join(common, 'cluster', 'postgresql.conf');
    const before = readFileSync(settings);
    writeFileSync(settings, 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/ended while starting:\n.*no_such_setting/s);
    writeFileSync(settings, before);
  });
});

describe('installBinaries', () => {
  it('makes the links that npm leaves out', () => {
    const native = join(folder, 'package', 'native');
    const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
    mkdirSync(join(native, 'lib'), { recursive: true });
    writeFileSync(join(native, 'lib', 'libx.so.1.2'), 'x');
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    for (let round = 0; round < 2; round++) installBinaries(undefined, folder, native);
    expect(readlinkSync(join(native, 'lib', 'libx.so.1'))).toBe('libx.so.1.2');
  });

  it('says what to do where there is no package, or only one that cannot run', () => {
    expect(() => packagedBinaries('plan9-mips')).toThrow(
      /no embedded PostgreSQL is installed for plan9-mips: set DATABASE_URL/,
    );
    expect(explained('postgres', new Error('spawn /x/postgres ENOENT')).message).toMatch(/on Alpine set DATABASE_URL/);
    const stranger = Object.assign(new Error('x'), {
      stderr: 'could not look up effective user ID 7: user does not exist',
    });
    expect(explained('initdb', stranger).message).toMatch(
      /give this user a line in \/etc\/passwd, or set DATABASE_URL/,
    );
  });
});

describe.runIf(asRoot)('as root', () => {
  it('runs the server as another user', async () => {
    const server = await start();
    expect(lstatSync(join(server.home, 'cluster')).uid).not.toBe(0);
  });

  it('runs the server as the owner of a cluster that another user made', async () => {
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const { child, url } = await startElsewhere(dataDir, { uid: NOBODY, gid: NOBODY });
    await ask(url, 'create table kept as select 3 as n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await ask((await start(dataDir)).url, 'select n from kept')).toEqual([3]);
  });

  it('puts the cluster elsewhere, behind a link, when the directory lies where no other user may enter', async () => {
    chmodSync(folder, 0o700);
    const dataDir = join(folder, 'deep', 'data');
    const server = await start(dataDir);
    expect(lstatSync(dataDir).isSymbolicLink()).toBe(true);
    await ask(server.url, 'create table kept as select 5 as n');
    await stop(server);
    expect(await ask((await start(dataDir)).url, 'select n from kept')).toEqual([5]);
    await stop(running[0] as EmbeddedPostgres);
    rmSync(server.home, { recursive: true });
  });

  it('refuses such a directory when it already holds something', async () => {
    chmodSync(folder, 0o700);
    writeFileSync(join(folder, 'letter'), '');
    await expect(start(folder)).rejects.toThrow(/only root may enter.*set SLUICE_DATA_DIR/);
  });

  it('works under a umask that shuts everyone out', async () => {
    const before = process.umask(0o077);
    try {
      expect(await ask((await start(join(folder, 'a', 'b'))).url, 'select 1')).toEqual([1]);
    } finally {
      process.umask(before);
    }
  });

  it('copies programs out of a folder that no other user may enter, and trusts no copy that is not its own', () => {
    const account = { uid: NOBODY, gid: NOBODY };
    const [native, shared] = [join(folder, 'hidden', 'package', 'native'), join(folder, 'shared')];
    mkdirSync(shared);
    mkdirSync(join(native, 'share'), { recursive: true });
    cpSync(join(packagedBinaries(), '..', 'package.json'), join(native, '..', 'package.json'));
    for (const name of ['bin', 'lib'])
      cpSync(join(packagedBinaries(), name), join(native, name), { recursive: true, verbatimSymlinks: true });
    chmodSync(join(folder, 'hidden'), 0o700);

    const first = installBinaries(account, folder, native, shared).postgres;
    expect(first.startsWith(shared)).toBe(true);
    expect(execFileSync(first, ['--version'], { ...account, cwd: '/', encoding: 'utf8' })).toMatch(
      /^postgres \(PostgreSQL\) 18/,
    );
    expect(installBinaries(account, folder, native, shared).postgres).toBe(first);

    rmSync(first);
    expect(existsSync(installBinaries(account, folder, native, shared).postgres)).toBe(true);

    const copy = join(shared, readdirSync(shared)[0] ?? '');
    chownSync(copy, NOBODY, NOBODY);
    expect(installBinaries(account, folder, native, shared).postgres).not.toBe(first);
  });
});
