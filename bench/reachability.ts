import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { compile } from '../src/domain/compile/compile.js';
import { endName, tierRef } from '../src/domain/model/entities.js';
import type { Snapshot } from '../src/domain/model/snapshot.js';
import { connectionGraph } from '../src/domain/graph/connection-graph.js';
import { findPaths } from '../src/domain/graph/paths.js';
import { declaredConnections } from '../src/domain/graph/declared.js';
import { render } from '../src/domain/render/render.js';
import { judge } from '../src/domain/verdict/judge.js';
import type { RawQuestion } from '../src/domain/verdict/question.js';
import type { Verdict } from '../src/domain/verdict/verdict.js';
import { type VerdictIndex, verdictIndex } from '../src/domain/verdict/verdict-index.js';
import { generateEstate, type EstateSize } from './estate.js';
import { limitLine } from './report.js';

const SIZES: readonly EstateSize[] = [
  { services: 1_500, flows: 9_300, seed: 1 },
  { services: 10_000, flows: 100_000, seed: 1 },
];
const PROMISED_MILLISECONDS = 1;
const WARM_UP_QUESTIONS = 500;

/**
 * What one question costs on an estate that is loaded, and what loading costs, beside rendering the same estate. `npm run bench --
 * reachability [questions]`
 */
export async function main(args: string[]): Promise<void> {
  const questions = Number(args[0] ?? 4_000);
  for (const size of SIZES) await report(size, generateEstate(size), questions);
}

async function report(size: EstateSize, snapshot: Snapshot, questions: number): Promise<void> {
  console.log(`\n${size.services} services, ${size.flows} flows, seed ${size.seed}`);
  const policies = timed('compile and render', () => render(compile(snapshot)));
  const index = timed('make ready for questions', () => verdictIndex(snapshot, policies));
  const connections = timed('connections', () => declaredConnections(snapshot));
  const graph = timed('make ready for paths', () => connectionGraph(connections));
  const kinds: readonly (readonly [string, (at: number) => RawQuestion])[] = [
    ['a declared flow, with its port', (at) => declared(snapshot, at)],
    ['a declared flow, on which ports', (at) => ({ ...declared(snapshot, at), port: undefined })],
    ['any two tiers', (at) => anyTwo(snapshot, at)],
    ['from anyone to the most called tier', (at) => toMostCalled(snapshot, at)],
    ['an address', (at) => ({ from: tierAt(snapshot, at), to: '8.8.8.8', port: '443' })],
  ];
  for (const [name, question] of kinds) ask(name, index, question, questions);
  await askThread('a declared flow, asked of a thread', size, (at) => declared(snapshot, at), questions);
  const [from = ''] = snapshot.tiers.map(tierRef);
  timed('what one tier can reach in 8 hops', () => findPaths(graph, { kind: 'from', from, maxHops: 8 }));
}

function declared({ flows }: Snapshot, at: number): RawQuestion {
  const flow = flows[(at * 7919) % flows.length];
  if (flow === undefined) throw new RangeError('the estate has no flows');
  return { from: endName(flow.from), to: endName(flow.to), port: 'peer' in flow.to ? '443' : '8080' };
}

function tierAt({ tiers }: Snapshot, at: number): string {
  const tier = tiers[at % tiers.length];
  return tier === undefined ? '' : tierRef(tier);
}

function anyTwo(snapshot: Snapshot, at: number): RawQuestion {
  return { from: tierAt(snapshot, at * 7919), to: tierAt(snapshot, at * 104_729 + 1), port: 'http' };
}

const mostCalled = new WeakMap<Snapshot, string>();

function toMostCalled(snapshot: Snapshot, at: number): RawQuestion {
  const known = mostCalled.get(snapshot) ?? findMostCalled(snapshot);
  mostCalled.set(snapshot, known);
  return { from: tierAt(snapshot, at * 7919), to: known, port: 'http' };
}

function findMostCalled({ flows }: Snapshot): string {
  const calls = new Map<string, number>();
  for (const { to } of flows) if ('tier' in to) calls.set(to.tier, (calls.get(to.tier) ?? 0) + 1);
  return [...calls].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])[0];
}

function ask(name: string, index: VerdictIndex, question: (at: number) => RawQuestion, count: number): void {
  for (let at = 0; at < WARM_UP_QUESTIONS; at++) judge(index, question(at));
  const times: number[] = [];
  let allowed = 0;
  for (let at = 0; at < count; at++) {
    const raw = question(at);
    const started = performance.now();
    if (judge(index, raw).allowed) allowed++;
    times.push(performance.now() - started);
  }
  tell(name, times, allowed);
}

/** As a server asks about a large estate: with what it takes to hand over question and answer. */
async function askThread(
  name: string,
  size: EstateSize,
  question: (at: number) => RawQuestion,
  count: number,
): Promise<void> {
  const filename = fileURLToPath(new URL('asked-estate.js', import.meta.url));
  const pool = new Piscina({ filename, maxThreads: 1, concurrentTasksPerWorker: 64 });
  const answer = async (at: number): Promise<Verdict> => {
    const order = { size, question: { kind: 'verdict', raw: question(at) } };
    return ((await pool.run(order, { name: 'ask' })) as { readonly answer: Verdict }).answer;
  };
  for (let at = 0; at < WARM_UP_QUESTIONS; at++) await answer(at);
  const times: number[] = [];
  let allowed = 0;
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    if ((await answer(at)).allowed) allowed++;
    times.push(performance.now() - started);
  }
  await pool.destroy();
  tell(name, times, allowed);
}

function tell(name: string, times: readonly number[], allowed: number): void {
  const count = times.length;
  const sorted = [...times].sort((a, b) => a - b);
  const [half = 0, most = 0] = [sorted[count >> 1], sorted[Math.floor(count * 0.99)]];
  const rest = `99 of 100 within ${most.toFixed(3)} ms, ${Math.round((allowed / count) * 100)} % allowed`;
  console.log(`${limitLine(`  ${name}`, half, 'ms', PROMISED_MILLISECONDS)}  ${rest}`);
}

function timed<T>(name: string, action: () => T): T {
  const started = performance.now();
  const result = action();
  console.log(`  ${name.padEnd(38)} ${(performance.now() - started).toFixed(1)} ms`);
  return result;
}
