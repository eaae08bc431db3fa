import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the soak's own that takes orders; it ends with `work`. */
export async function withClients<R>(
  file: 'clients' | 'slow-clients',
  work: (child: ChildProcess) => Promise<R>,
): Promise<R> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${file}.js`, import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    return await work(child);
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** Sends an order and gives what is answered to it. */
export async function tell<R>(child: ChildProcess, order: object | string): Promise<R> {
  const answer = once(child, 'message');
  child.send(order);
  return ((await answer) as [R])[0];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A ratio or an amount of bytes, short. */
export const megabytes = (bytes: number): number => bytes / 1e6;
