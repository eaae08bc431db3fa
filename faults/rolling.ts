import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './random.js';
import { Proxy } from './rig/proxy.js';
import type { Rig } from './rig/rig.js';
import { HttpClient } from './traffic/http.js';
import type { Site } from './traffic/site.js';

const CLIENTS = 6;
const DRAINED_WITHIN_MS = 5_000;
const PUBLISHES = 0.05;

/** What a rolling restart asks of those behind a proxy, and what became of it. */
export interface RollingResult {
  readonly restarts: number;
  readonly requests: number;
  /** In words: every request that had no answer, or not the right one. */
  readonly failed: readonly string[];
}

/**
 * Restarts the servers in turn behind one proxy, as a rolling update does: no new connections go to a server, those that it has end, it gets SIGTERM,
 * comes back, and is in again. Meanwhile clients read and publish, each request over a connection of its own, and none may fail. Goes on until there were so
 * many restarts and so many requests.
 */
export async function rollingRestart(
  rig: Rig,
  site: Site,
  random: Random,
  wanted: { restarts: number; requests: number },
  tell: (line: string) => void,
): Promise<RollingResult> {
  const inRotation = new Set(rig.places.map(({ process }) => process.port));
  let turn = 0;
  const door = await Proxy.open(() => [...inRotation][turn++ % inRotation.size]);
  const client = new HttpClient(door.port, rig.token, 'new');
  const result = { restarts: 0, requests: 0, failed: [] as string[] };
  let going = true;
  const visit = async (): Promise<void> => {
    while (going) {
      const path = `/v1/environments/${random.pick(site.environments)}/bundles`;
      const reply = random.chance(PUBLISHES)
        ? await client.send({
            method: 'POST',
            path,
            headers: { 'sluice-reason': 'the site' },
            body: { message: 'the first' },
          })
        : await client.send({ method: 'GET', path: `${path}/latest` });
      result.requests++;
      if (reply.kind === 'unknown') result.failed.push(`${path}: ${reply.why}`);
      else if (reply.status > 201) result.failed.push(`${path}: ${reply.status}`);
    }
  };
  const visits = Array.from({ length: CLIENTS }, visit);
  while (result.restarts < wanted.restarts || (wanted.restarts > 0 && result.requests < wanted.requests)) {
    const { process } = rig.places[result.restarts % rig.places.length]!;
    inRotation.delete(process.port);
    const deadline = Date.now() + DRAINED_WITHIN_MS;
    while (door.linksTo(process.port) > 0 && Date.now() < deadline) await wait(5);
    const code = await process.end('SIGTERM');
    if (code !== 0) result.failed.push(`${process.settings.name} ended with ${code}, not 0`);
    await process.start();
    inRotation.add(process.port);
    result.restarts++;
    tell(
      `${process.settings.name}: rolling-restart ${result.restarts}: ${result.requests} requests so far, ${result.failed.length} failed`,
    );
  }
  going = false;
  await Promise.all(visits);
  await door.close();
  client.close();
  return result;
}
