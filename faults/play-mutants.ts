import { History } from './history/history.js';
import { chosen } from './options.js';
import { MUTANTS } from './mutants/all.js';
import type { Mutant } from './mutants/mutant.js';
import { randomOf } from './random.js';
import { Rig } from './rig/rig.js';
import { judge, type Pace, playRound, type Verdicts } from './round.js';
import { RunTally } from './tally.js';
import { makeSite, siteOf } from './traffic/site.js';

const REGISTER = new URL('./mutants/register.js', import.meta.url).href;
const WITHIN_MS = 60_000;
const ROUND_MS = [15_000, 30_000];
const DISK_MB = 768;
const SITE = siteOf({ writers: 6, ownEach: 1, shared: 2 });
const PACE: Pace = {
  readyWithinMs: 20_000,
  readers: 3,
  waiters: 2,
  restMs: 10,
  serverRestMs: [1_200, 2_500],
  databaseRestMs: [500, 1_200],
};

interface Found {
  readonly mutant: Mutant;
  /** Nothing where no check found it. */
  readonly by: string | undefined;
  readonly text: string;
  readonly seconds: number;
}

/** Breaks the service on purpose, in each way that there is, and says whether the check that is meant for it finds out. Gives whether all were found. */
export async function playMutants(
  only: readonly string[],
  seed: number,
  tell: (line: string) => void,
): Promise<boolean> {
  const mutants = only.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name));
  if (mutants.length < only.length)
    throw new Error(`there are these mutants: ${MUTANTS.map(({ name }) => name).join(', ')}`);
  let history = new History();
  const rig = await Rig.start({ diskMegabytes: DISK_MB, onUnexpectedEnd: (text) => history.ends.push(text) });
  const results: Found[] = [];
  try {
    await rig.prepare((client) => makeSite(client, SITE));
    for (const [number, mutant] of mutants.entries()) {
      history = new History();
      results.push(await expose(rig, mutant, { number, seed, tell }, () => (history = new History())));
      tell(lineOf(results.at(-1)!));
    }
  } finally {
    await rig.stop();
  }
  const missed = results.filter(({ by }) => by === undefined);
  tell(`${results.length - missed.length} of ${results.length} mutants found`);
  return missed.length === 0;
}

/** Rounds, each longer than the one before and over a database of its own, until a check that is meant for it finds the mutant, or a minute of traffic is over. */
async function expose(
  rig: Rig,
  mutant: Mutant,
  { number, seed, tell }: { number: number; seed: number; tell: (line: string) => void },
  newHistory: () => History,
): Promise<Found> {
  const faults = chosen(mutant.faults);
  let spent = 0;
  let last: Verdicts = new Map();
  for (const [round, ms] of ROUND_MS.entries()) {
    const history = newHistory();
    const extras = { imports: [REGISTER], env: { SLUICE_FAULTS_MUTANT: mutant.name } };
    await rig.serve(`mutant_${number}_${round}`, extras);
    for (const { behind } of rig.places) for (const proxy of behind) proxy.delayMs = mutant.delayMs ?? 0;
    const random = randomOf(seed).apart(`${mutant.name} ${round}`);
    const began = performance.now();
    const final = await playRound(
      { rig, site: SITE, history, random, tally: new RunTally(), tell: () => undefined },
      faults,
      PACE,
      ms,
    );
    last = judge(history, final);
    spent += performance.now() - began;
    const by = mutant.foundBy.find((name) => (last.get(name)?.length ?? 0) > 0);
    if (by !== undefined) return { mutant, by, text: last.get(by)![0]!, seconds: spent / 1000 };
    tell(
      `${mutant.name}: not found by ${mutant.foundBy.join(' or ')} in ${ms / 1000} s (${history.publishes.length} publishes)`,
    );
    if (spent > WITHIN_MS) break;
  }
  const others = [...last].filter(([, found]) => found.length > 0).map(([name, found]) => `${name}: ${found[0]}`);
  return { mutant, by: undefined, text: others.join('; '), seconds: spent / 1000 };
}

function lineOf({ mutant, by, text, seconds }: Found): string {
  const verdict = by === undefined ? `NOT FOUND by ${mutant.foundBy.join(' or ')}` : `found by ${by}`;
  return `${mutant.name.padEnd(28)} ${verdict.padEnd(20)} ${seconds.toFixed(0).padStart(3)} s  ${text}`;
}
