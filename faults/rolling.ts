import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './random.js';
import { Proxy } from './rig/proxy.js';
import type { Place, Rig } from './rig/rig.js';
import { HttpClient } from './traffic/http.js';
import type { Site } from './traffic/site.js';

const CLIENTS = 6;
const DRAINED_WITHIN_MS = 5_000;
const PUBLISHES = 0.05;

/** It goes on until there were so many of both; each client rests between two requests. */
export interface RollingWanted {
  readonly restarts: number;
  readonly requests: number;
  readonly restMs: number;
}

/** What a rolling restart asked of those behind a proxy, and what became of it. */
export interface RollingResult {
  restarts: number;
  requests: number;
  /** In words: every request that had no answer, or not the right one. */
  readonly failed: string[];
}

/** One address for several servers: each connection goes to the next one that is in rotation. */
class Door {
  private readonly inRotation = new Set<number>();
  private turn = 0;
  private proxy: Proxy | undefined;

  async open(places: readonly Place[]): Promise<number> {
    for (const { process } of places) this.inRotation.add(process.port);
    this.proxy = await Proxy.open(() => [...this.inRotation][this.turn++ % this.inRotation.size]);
    return this.proxy.port;
  }

  /** Sends nobody there any more, and waits until those who are there have left. */
  async drain(port: number): Promise<void> {
    this.inRotation.delete(port);
    const deadline = Date.now() + DRAINED_WITHIN_MS;
    while (this.proxy!.linksTo(port) > 0 && Date.now() < deadline) await wait(5);
  }

  putBack(port: number): void {
    this.inRotation.add(port);
  }

  async close(): Promise<void> {
    await this.proxy?.close();
  }
}

/**
 * Restarts the servers in turn behind one proxy, as a rolling update does: no new connections go to a server, those that it has end, it gets SIGTERM,
 * comes back, and is in again. Meanwhile clients read and publish, each request over a connection of its own, and none may fail. Goes on until there
 * were so many restarts and so many requests.
 */
export async function rollingRestart(
  rig: Rig,
  site: Site,
  random: Random,
  wanted: RollingWanted,
  tell: (line: string) => void,
): Promise<RollingResult> {
  const result: RollingResult = { restarts: 0, requests: 0, failed: [] };
  const door = new Door();
  const client = new HttpClient(await door.open(rig.places), rig.token, 'new');
  let going = true;
  const keepVisiting = async (): Promise<void> => {
    while (going) {
      await visit(client, site, random, result);
      if (wanted.restMs > 0) await wait(wanted.restMs);
    }
  };
  const visits = Array.from({ length: CLIENTS }, keepVisiting);
  try {
    while (result.restarts < wanted.restarts || result.requests < wanted.requests) {
      const place = rig.places[result.restarts % rig.places.length]!;
      await restart(place, door, result);
      tell(`${place.process.settings.name}: rolling-restart ${result.restarts}: ${result.requests} requests so far`);
    }
  } finally {
    going = false;
    await Promise.all(visits);
    await door.close();
    client.close();
  }
  return result;
}

async function restart({ process }: Place, door: Door, result: RollingResult): Promise<void> {
  await door.drain(process.port);
  const code = await process.end('SIGTERM');
  if (code !== 0) result.failed.push(`${process.settings.name} ended with ${code}, not 0`);
  await process.start();
  door.putBack(process.port);
  result.restarts++;
}

async function visit(client: HttpClient, site: Site, random: Random, result: RollingResult): Promise<void> {
  const path = `/v1/environments/${random.pick(site.environments)}/bundles`;
  const headers = { 'sluice-reason': 'the site' };
  const reply = random.chance(PUBLISHES)
    ? await client.send({ method: 'POST', path, headers, body: { message: 'the first' } })
    : await client.send({ method: 'GET', path: `${path}/latest` });
  result.requests++;
  if (reply.kind === 'unknown') result.failed.push(`${path}: ${reply.why}`);
  else if (reply.status > 201) result.failed.push(`${path}: ${reply.status}`);
}
