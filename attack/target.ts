import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { held } from '../bench/held.js';
import { untilPrinted } from '../bench/server.js';
import { freePort } from '../src/store/embedded/postmaster.process.js';

/** A server that is attacked, and a token that may do everything there. */
export interface Target {
  readonly url: string;
  readonly token: string;
  /** Lets go of what is garbage, where the server is our own: what is left is what an attack made it hold. */
  collect?(): Promise<void>;
}

export interface OwnServer extends Target {
  close(): Promise<void>;
}

/** Starts a server as `npm start` does, with an embedded PostgreSQL and the small example, in a folder that is removed again. */
export async function startOwnServer(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-attack-'));
  chmodSync(folder, 0o755); // the user that runs PostgreSQL must enter it too
  const port = await freePort();
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = { ...inherited, PORT: String(port), SLUICE_DATA_DIR: folder };
  const entry = fileURLToPath(new URL('../bench/measured-main.js', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', entry], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const close = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilPrinted(child, 'is ready');
  } catch (error) {
    await close();
    throw error;
  }
  const token = readFileSync(join(folder, 'admin-token'), 'utf8').trim();
  return { url: `http://127.0.0.1:${port}`, token, collect: async () => void (await held(child)), close };
}
