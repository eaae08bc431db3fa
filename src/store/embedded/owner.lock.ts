import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

interface Owner {
  readonly pid: number;
  readonly port: number;
  readonly key: string;
}

/**
 * Makes this process the one owner of a data directory; refuses, naming the process, where another one lives. Gives what ends the ownership.
 * A process id alone proves nothing (containers repeat them), so the owner answers with its key on a port, which the system closes when it dies.
 */
export async function takeOwnership(home: string): Promise<() => void> {
  const key = randomUUID();
  const server = createServer((socket) => socket.on('error', () => undefined).end(key));
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const file = join(home, 'owner.json');
  const me: Owner = { pid: process.pid, port: (server.address() as AddressInfo).port, key };
  try {
    await claim(file, me, home);
  } catch (error) {
    server.close();
    throw error;
  }
  return () => {
    server.close();
    if (readOwner(file)?.key === key) rmSync(file, { force: true });
  };
}

async function claim(file: string, me: Owner, home: string): Promise<void> {
  while (!createdOnce(file, me)) {
    const owner = readOwner(file) ?? (await readOwnerLater(file));
    if (owner !== undefined && (await answers(owner))) {
      throw new Error(
        `the database in ${home} is in use by process ${owner.pid}: stop that process, or give this one a SLUICE_DATA_DIR of its own (several servers share one database by DATABASE_URL)`,
      );
    }
    discard(file, owner?.key);
  }
}

function createdOnce(file: string, me: Owner): boolean {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** A file that cannot be read is being written, or was left half written. */
async function readOwnerLater(file: string): Promise<Owner | undefined> {
  await wait(100);
  return readOwner(file);
}

/** Moves a dead owner's file away; puts it back if a living one has written it in between. */
function discard(file: string, deadKey: string | undefined): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readOwner(aside)?.key === deadKey) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process has moved it already; claim() looks again.
  }
}

async function answers(owner: Owner): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port: owner.port, timeout: 2000 });
  socket.on('timeout', () => socket.destroy());
  let heard = '';
  try {
    for await (const chunk of socket) heard += String(chunk);
  } catch {
    return false;
  }
  return heard === owner.key;
}
