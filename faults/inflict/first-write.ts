import { setTimeout as wait } from 'node:timers/promises';
import type { Place } from '../rig/rig.js';
import { HttpClient } from '../traffic/http.js';
import type { Scene } from './fault.js';

const EVERY_MS = 15;
const TIMEOUT_MS = 5_000;
const GIVE_UP_MS = 30_000;

/**
 * Milliseconds from `since` to the first publish that a server acknowledges, asked again and again; nothing where none did that was there all the time: a
 * server that is just starting has its own reasons to be late.
 */
export async function firstWriteAfter({ rig, site }: Scene, since: number): Promise<number | undefined> {
  const path = `/v1/environments/${site.shared[0]!}/bundles`;
  let done: number | undefined;
  const ask = async ({ process }: Place): Promise<void> => {
    const pid = process.serving;
    const client = new HttpClient(process.port, rig.token);
    while (
      pid !== undefined &&
      process.serving === pid &&
      done === undefined &&
      performance.now() - since < GIVE_UP_MS
    ) {
      const headers = { 'sluice-reason': 'the site' };
      const body = { message: 'the first' };
      const reply = await client.send({ method: 'POST', path, headers, body, timeoutMs: TIMEOUT_MS });
      if (reply.kind === 'answer' && reply.status < 300) done ??= performance.now();
      else await wait(EVERY_MS);
    }
    client.close();
  };
  await Promise.all(rig.places.map(ask));
  return done === undefined ? undefined : done - since;
}

/** Measures that, and says it. */
export async function measureFirstWrite(scene: Scene, what: string, since: number): Promise<string> {
  const ms = await firstWriteAfter(scene, since);
  if (ms === undefined) return 'no server was there to write at once';
  scene.tally.measure(what, ms);
  return `first write after ${Math.round(ms)} ms`;
}
