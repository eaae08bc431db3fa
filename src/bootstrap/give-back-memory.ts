import { Session } from 'node:inspector/promises';

/**
 * Collects what the start alone needed, and gives the system back the memory that it was in, also that of the nursery, which grew to its limit
 * meanwhile: V8 itself would leave it all resident in a server that has little to do. It holds the event loop for a fifth of a second, so it
 * is called before anybody is listened to. Of what Node lets a program ask for, this alone shrinks: `gc`, which worker threads call between jobs,
 * leaves a nursery as large as it is.
 */
export async function giveBackMemory(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
