import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/embedded/postmaster.process.js';
import { untilPrinted } from './server.js';

/** Starts the baseline, node:http and nothing else, and gives its address; the child is added to `children`, for the caller to end. */
export async function startRaw(children: ChildProcess[]): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('./raw-http.js', import.meta.url)), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await untilPrinted(child, 'ready');
  return `http://127.0.0.1:${port}/`;
}
