import { History } from './history/history.js';
import { DATABASE_FAULTS } from './inflict/all.js';
import { chosen, type Options, readOptions, ROLLING } from './options.js';
import { playMutants } from './play-mutants.js';
import { randomOf } from './random.js';
import { isClean, summary } from './report.js';
import { Rig } from './rig/rig.js';
import { type RollingResult, rollingRestart, type RollingWanted } from './rolling.js';
import { judge, type Pace, playRound, type Stage } from './round.js';
import { RunTally } from './tally.js';
import { makeSite, siteOf, type SiteSize } from './traffic/site.js';

/** Against hanging only: many may share the machine. */
const READY_WITHIN_MS = 120_000;
const SITES: Readonly<Record<Options['pace'], SiteSize>> = {
  hard: { writers: 8, ownEach: 4, shared: 2 },
  gentle: { writers: 3, ownEach: 2, shared: 1 },
};
const PACES: Readonly<Record<Options['pace'], Pace>> = {
  hard: {
    readyWithinMs: READY_WITHIN_MS,
    readers: 3,
    waiters: 2,
    restMs: 10,
    serverRestMs: [3_000, 5_500],
    databaseRestMs: [1_000, 3_500],
  },
  gentle: {
    readyWithinMs: READY_WITHIN_MS,
    readers: 2,
    waiters: 2,
    restMs: 2_500,
    serverRestMs: [35_000, 50_000],
    databaseRestMs: [3_000, 5_000],
  },
};
const DISK_MB = 400;
const DISK_MB_A_MINUTE = 40;
/** For each minute: what a run of twenty is to have. */
const ROLLING_A_MINUTE: Readonly<Record<Options['pace'], RollingWanted>> = {
  hard: { restarts: 1.5, requests: 1_000, restMs: 0 },
  gentle: { restarts: 1, requests: 100, restMs: 100 },
};

/** `npm run faults`: breaks an installation under traffic, and checks what its clients were told. See docs/faults.md. */
export async function main(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  const began = performance.now();
  const tell = (line: string): void =>
    console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  tell(`seed ${options.seed}`);
  const good =
    options.kind === 'mutants' ? await playMutants(options.only, options.seed, tell) : await playFaults(options, tell);
  if (!good) process.exitCode = 1;
}

async function playFaults({ minutes, seed, only, pace }: Options, tell: (line: string) => void): Promise<boolean> {
  const faults = chosen(only);
  const history = new History();
  const tally = new RunTally();
  const random = randomOf(seed);
  const onUnexpectedEnd = (text: string): void => void history.ends.push(text);
  const rig = await Rig.start({ diskMegabytes: DISK_MB + DISK_MB_A_MINUTE * minutes, onUnexpectedEnd });
  try {
    const site = siteOf(SITES[pace]);
    await rig.prepare((client) => makeSite(client, site));
    await rig.serve('faults');
    for (const { name, impossible } of DATABASE_FAULTS) {
      const why = impossible?.(rig);
      if (why !== undefined) tell(`skipped: ${name}: ${why}`);
    }
    const stage: Stage = { rig, site, history, random, tally, tell };
    const final = await playRound(stage, faults, PACES[pace], minutes * 60_000);
    const verdicts = judge(history, final);
    const rolling =
      only.length === 0 || only.includes(ROLLING) ? await roll(stage, minutes, ROLLING_A_MINUTE[pace]) : undefined;
    for (const line of summary(history, tally, verdicts, rolling)) console.log(line);
    return isClean(verdicts, rolling);
  } finally {
    await rig.stop();
  }
}

function roll({ rig, site, random, tell }: Stage, minutes: number, aMinute: RollingWanted): Promise<RollingResult> {
  const restarts = Math.max(2, Math.ceil(aMinute.restarts * minutes));
  const requests = Math.ceil(aMinute.requests * minutes);
  return rollingRestart(rig, site, random.apart(ROLLING), { ...aMinute, restarts, requests }, tell);
}
