import { setTimeout as wait } from 'node:timers/promises';
import { type Launch, startPostmaster, stopPostmaster } from './postmaster.process.js';

const RETRY_MS = 500;

/** Starts the server, and starts it again on the same port whenever it dies, until it is told to stop; gives what tells it. */
export async function keepRunning(launch: Launch, log: (line: string) => void): Promise<() => Promise<void>> {
  let current = await startPostmaster(launch);
  let restarted = Promise.resolve();
  let stopping = false;
  // Where Node ends without stop() (an uncaught error, process.exit), the server gets the signal at least.
  const interrupt = (): void => void current.kill('SIGINT');
  process.once('exit', interrupt);

  const watch = (): void => {
    current.once('exit', (code, signal) => {
      if (stopping) return;
      log(`the database server ended unexpectedly (${signal ?? code}); starting it again`);
      restarted = restart();
    });
  };
  const restart = async (): Promise<void> => {
    while (!stopping) {
      try {
        current = await startPostmaster(launch);
        return watch();
      } catch (error) {
        // The old server's children hold its shared memory until they notice its death.
        log(error instanceof Error ? error.message : String(error));
        await wait(RETRY_MS);
      }
    }
  };

  watch();
  return async () => {
    stopping = true;
    await restarted;
    process.removeListener('exit', interrupt);
    await stopPostmaster(current);
  };
}
