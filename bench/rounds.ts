import { median } from './report.js';

/** What a round gives one action, and at least one run: a single short run is a matter of luck. */
const ROUND_MILLISECONDS = 250;
/** A server has run its code before: an action is measured once it has run for a while. The first two proofs take three seconds by themselves. */
const WARM_UP_MILLISECONDS = 4_000;

/**
 * CPU time, as other work on the machine would count in time by the clock. Rounds go through all of them in turn; in each round an
 * action runs once, to clear away what the action before left behind, and then again and again: the mean of those runs counts.
 */
export function medians(rounds: number, actions: Record<string, () => unknown>): Map<string, number> {
  const times = new Map(Object.keys(actions).map((name) => [name, [] as number[]]));
  for (const action of Object.values(actions)) warmUp(action);
  for (let round = 0; round < rounds; round++) {
    for (const [name, action] of Object.entries(actions)) {
      action();
      times.get(name)?.push(meanOf(action));
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

function meanOf(action: () => unknown): number {
  const started = cpuMilliseconds();
  let runs = 0;
  do {
    action();
    runs++;
  } while (cpuMilliseconds() - started < ROUND_MILLISECONDS);
  return (cpuMilliseconds() - started) / runs;
}

function warmUp(action: () => unknown): void {
  const until = cpuMilliseconds() + WARM_UP_MILLISECONDS;
  do action();
  while (cpuMilliseconds() < until);
}

export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function printTimes(times: ReadonlyMap<string, number>): void {
  for (const [name, milliseconds] of times)
    console.log(`  ${name.padEnd(32)} ${milliseconds.toFixed(1).padStart(9)} ms`);
}

export function ratioOf(times: ReadonlyMap<string, number>, one: string, other: string): number {
  return (times.get(one) ?? NaN) / (times.get(other) ?? NaN);
}
