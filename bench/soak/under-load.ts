import type { ChildProcess } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { type EstateServer, metrics } from '../estate-server.js';
import { type Held, held } from '../held.js';
import { limitLine, median } from '../report.js';
import type { Loaded, LoadOrder } from './clients.js';
import { type Fit, fit } from './fit.js';
import { megabytes, pause, tell, withClients } from './running.js';

const POLLS = 100;
const SAMPLE_MS = 5_000;
const STEP_SECONDS = 4;
const FIRST_RATE = 100;
const STEPS = 12;
/** With so long a wait at a rate, or so many sent late, the server has more to do than it can. */
const SLOW_MS = 250;
/** What a memory may grow an hour, beyond what the samples cannot tell from nothing. */
const GROWTH_MB = 1;

interface Sample extends Held {
  readonly minutes: number;
  readonly loopMs: number;
}

/** How long it lasts, and the file that every sample is written to, a line of JSON each, for who wants to look closer. */
export interface SoakOptions {
  readonly minutes: number;
  readonly samplesFile?: string | undefined;
}

/** Finds how much the server can do, then has it do half of that for so many minutes, and fits what it holds meanwhile. */
export async function underLoad(
  running: EstateServer,
  { minutes, samplesFile }: SoakOptions,
  flows: readonly string[],
): Promise<number> {
  return withClients('clients', async (child) => {
    const capacity = await capacityOf(running, child, flows);
    const order = orderOf(running, flows, { rate: capacity / 2, seconds: minutes * 60 });
    const began = performance.now();
    let over = false;
    const load = tell<Loaded>(child, { ...order, polls: POLLS }).finally(() => (over = true));
    const samples: Sample[] = [];
    while (!over) {
      const one = await sample(running, (performance.now() - began) / 60_000);
      samples.push(one);
      if (samplesFile !== undefined) await appendFile(samplesFile, `${JSON.stringify(one)}\n`);
      await Promise.race([load, pause(SAMPLE_MS)]);
    }
    report(samples, await load);
    return capacity;
  });
}

/** The highest rate of a ramp that was kept up with. */
async function capacityOf(running: EstateServer, child: ChildProcess, flows: readonly string[]): Promise<number> {
  let kept = FIRST_RATE;
  await tell<Loaded>(child, orderOf(running, flows, { rate: FIRST_RATE, seconds: STEP_SECONDS })); // not yet compiled
  for (let step = 0, rate = FIRST_RATE; step < STEPS; step++, rate *= 1.4) {
    const { sent, p99, failed } = await tell<Loaded>(child, orderOf(running, flows, { rate, seconds: STEP_SECONDS }));
    const said = Object.keys(failed).length === 0 ? '' : ` failed: ${JSON.stringify(failed)}`;
    console.log(`  ${Math.round(rate)}/s: ${sent} answered, 99 of 100 within ${p99.toFixed(0)} ms${said}`);
    if (p99 > SLOW_MS) break;
    kept = rate;
  }
  console.log(`capacity: about ${Math.round(kept)} requests a second`);
  return kept;
}

function orderOf(
  { server }: EstateServer,
  flows: readonly string[],
  { rate, seconds }: Pick<LoadOrder, 'rate' | 'seconds'>,
): LoadOrder {
  return { ...{ url: server.url, token: server.token, flows, rate, seconds }, mix: 'all', polls: 0 };
}

async function sample(running: EstateServer, minutes: number): Promise<Sample> {
  const loop = (await metrics(running.server))['nodejs_eventloop_lag_p99_seconds'] ?? NaN;
  return { ...(await held(running.child)), minutes, loopMs: loop * 1000 };
}

function report(all: readonly Sample[], { sent, failed, p50, p99, stretches, byKind }: Loaded): void {
  const last = all.at(-1)?.minutes ?? 0;
  const samples = all.filter(({ minutes }) => minutes >= last / 4);
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  console.log(`${sent} requests, half within ${p50.toFixed(1)} ms, 99 of 100 within ${p99.toFixed(1)} ms`);
  console.log(
    `  by kind, 99 of 100 within: ${Object.entries(byKind)
      .map(([kind, ms]) => `${kind} ${ms.toFixed(0)} ms`)
      .join(', ')}`,
  );
  if (failures > 0) console.log(`  failed: ${JSON.stringify(failed)}`);
  const fitted = (name: string, unit: string, of: (sample: Sample) => number) => {
    const slope = fit(samples.map((one) => [one.minutes / 60, of(one)] as const));
    console.log(line(name, slope, unit, samples.map(of)));
    return slope;
  };
  const heap = fitted('heap and external, after a collection', 'MB', (one) => megabytes(one.heapUsed + one.external));
  fitted('  of it what V8 compiled', 'MB', ({ code }) => megabytes(code));
  fitted('  of it outside the heap', 'MB', ({ external }) => megabytes(external));
  fitted('resident', 'MB', ({ rss }) => megabytes(rss));
  fitted('handles', '', ({ handles }) => handles);
  fitted('delay of the event loop, 99 of 100', 'ms', ({ loopMs }) => loopMs);
  const later = stretches.slice(Math.floor(stretches.length / 4));
  console.log(line('99 of 100 requests', fit(later.map((ms, n) => [n / 720, ms] as const)), 'ms', later));
  console.log(limitLine('requests of the soak that failed', failures, '', 1));
  console.log(limitLine('memory an hour, beyond noise', beyondNoise(heap), 'MB', GROWTH_MB));
}

/** What is left of a slope when twice its standard error is taken away: that much is there for certain. */
function beyondNoise({ slope, error }: Fit): number {
  return Math.max(0, slope - 2 * error);
}

function line(name: string, { slope, error }: Fit, unit: string, values: readonly number[]): string {
  const sure = Math.abs(slope) <= 2 * error ? 'noise' : 'more than noise';
  return `  ${name.padEnd(40)} median ${median(values).toFixed(1)} ${unit}, ${slope.toFixed(2)} +- ${(2 * error).toFixed(2)} ${unit} an hour: ${sure}`;
}
