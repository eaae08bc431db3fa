import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** A thread that does nothing, and says how long the machine kept even that waiting. */
export interface Bystander {
  /** The longest delay since the last time, in milliseconds. */
  longest(): Promise<number>;
  end(): Promise<unknown>;
}

export function startBystander(): Bystander {
  const worker = new Worker(new URL(import.meta.url));
  const longest = async (): Promise<number> => {
    const answer = once(worker, 'message') as Promise<[number]>;
    worker.postMessage('longest');
    return (await answer)[0];
  };
  return { longest, end: () => worker.terminate() };
}

if (!isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  parentPort?.on('message', () => {
    parentPort?.postMessage(delay.max / 1e6);
    delay.reset();
  });
}
