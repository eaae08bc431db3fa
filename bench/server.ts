import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/embedded/postmaster.process.js';

export interface Server {
  readonly url: string;
  readonly token: string;
}

/** Starts a server of its own over a database, and gives it when it is ready; the child is added to `children`, for the caller to end. */
export async function startServer(
  folder: string,
  databaseUrl: string,
  children: ChildProcess[],
  entry: 'main' | 'measured' = 'main',
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const port = await freePort();
  const env = { ...process.env, ...settings, DATABASE_URL: databaseUrl, PORT: String(port), SLUICE_DATA_DIR: folder };
  const child =
    entry === 'main'
      ? spawn(process.execPath, [fileURLToPath(new URL('../../bundle/main.js', import.meta.url))], {
          env,
          stdio: ['ignore', 'pipe', 'inherit'],
        })
      : spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL('./measured-main.js', import.meta.url))], {
          env,
          stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        });
  children.push(child);
  await untilPrinted(child, 'is ready');
  return { url: `http://127.0.0.1:${port}`, token: readFileSync(join(folder, 'admin-token'), 'utf8').trim() };
}

/** Waits for a line of a child; refuses where it ends before. */
export function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a server of the bench ended with ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes(text)) resolve();
    });
  });
}
