import { setTimeout as wait } from 'node:timers/promises';
import { CHECKS } from './checks/all.js';
import type { FinalState } from './checks/check.js';
import { ended } from './checks/ended.js';
import { readFinalState } from './checks/final-state.js';
import { odd } from './checks/odd.js';
import { unready } from './checks/unready.js';
import type { History } from './history/history.js';
import type { Fault, Scene } from './inflict/fault.js';
import { keepBreaking, type Lane } from './lane.js';
import type { Random } from './random.js';
import type { Rig } from './rig/rig.js';
import type { RunTally } from './tally.js';
import { HttpClient } from './traffic/http.js';
import type { Site } from './traffic/site.js';
import { Traffic } from './traffic/traffic.js';

const HEAD_START_MS = 300;

/** How much is asked of the servers, and how long they are left alone between two faults. */
export interface Pace {
  /** How long servers may take until they work again when all is healed. */
  readonly readyWithinMs: number;
  readonly readers: number;
  readonly waiters: number;
  readonly restMs: number;
  readonly serverRestMs: readonly [number, number];
  readonly databaseRestMs: readonly [number, number];
}

export interface Stage {
  readonly rig: Rig;
  readonly site: Site;
  readonly history: History;
  readonly random: Random;
  readonly tally: RunTally;
  readonly tell: (line: string) => void;
}

/** What a check found: nothing, where all is well. */
export type Verdicts = ReadonlyMap<string, readonly string[]>;

/** Traffic, and faults under it, for some time; then all is mended, and read. The writers of a site write in one round only: their marks begin at one. */
export async function playRound(
  stage: Stage,
  faults: { server: readonly Fault[]; database: readonly Fault[] },
  pace: Pace,
  ms: number,
): Promise<FinalState> {
  const { rig, site, history, random, tell } = stage;
  const ports = rig.places.map(({ front }) => front.port);
  const traffic = new Traffic({ ports, token: rig.token, ...pace }, site, history, random);
  traffic.start();
  await wait(HEAD_START_MS);
  const until = performance.now() + ms;
  const lanes = lanesOf({ ...stage, traffic }, faults, pace);
  try {
    await Promise.all([wait(ms), ...lanes.map((lane) => keepBreaking(lane, until, tell))]);
  } finally {
    await heal(rig);
    await traffic.end();
  }
  const clients = rig.places.map(({ process }) => new HttpClient(process.port, rig.token));
  const final = await readFinalState(clients, site, pace.readyWithinMs);
  for (const client of clients) client.close();
  return final;
}

/** What each check says; where nothing could be read in the end, only what needs nothing of it. */
export function judge(history: History, final: FinalState): Verdicts {
  const able = final.versions.size > 0 ? CHECKS : [unready, ended, odd];
  return new Map(able.map((check) => [check.name, check.judge(history, final)]));
}

function lanesOf(
  stage: Stage & { traffic: Traffic },
  faults: { server: readonly Fault[]; database: readonly Fault[] },
  pace: Pace,
): Lane[] {
  const { rig, random } = stage;
  const scene = (name: string, place = rig.places[0]!): Scene => ({
    ...stage,
    place,
    random: random.apart(`lane of ${name}`),
  });
  const possible = faults.database.filter((fault) => fault.impossible?.(rig) === undefined);
  return [
    ...rig.places.map((place) => {
      const { name } = place.process.settings;
      return {
        name,
        faults: faults.server,
        scene: scene(name, place),
        restMs: pace.serverRestMs,
        works: 'half-as-long' as const,
      };
    }),
    {
      name: 'database',
      faults: possible,
      scene: scene('database'),
      restMs: pace.databaseRestMs,
      works: 'for-the-rest',
    },
  ];
}

/** Whoever ended and was not started again is: what ended by itself is in the history. */
async function heal(rig: Rig): Promise<void> {
  for (const { process, front, behind } of rig.places) {
    for (const proxy of [front, ...behind]) proxy.heal();
    if (!process.alive) await process.start();
  }
}
