import { once } from 'node:events';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { referenceAllows } from '../test/domain/evaluate/reference.js';
import { changeOf } from '../src/domain/diff/change/change-of.js';
import { diffConnections } from '../src/domain/diff/connections.js';
import { connections, eachConnection } from '../src/domain/evaluate/connections.js';
import { buildWorld, type WorldInput } from '../src/domain/evaluate/world.js';
import type { NetworkPolicy } from '../src/domain/kubernetes/network-policy.js';
import { tierRef, type Flow } from '../src/domain/model/entities.js';
import type { Snapshot } from '../src/domain/model/snapshot.js';
import { prove, proveParts } from '../src/domain/prove/prove.js';
import { readPart } from '../src/domain/prove/rendered/read-part.js';
import { renderBundle } from '../src/domain/render/bundle.js';
import { wholeYaml } from '../src/domain/render/yaml.js';
import { generateEstate, type EstateSize } from './estate.js';
import { THREAD_LIMITS } from '../src/work/work-pool.js';
import { limitLine } from './report.js';
import { cpuMilliseconds, medians, printTimes, ratioOf } from './rounds.js';

const SIZES: readonly (EstateSize & { readonly most: number })[] = [
  { services: 1_500, flows: 9_300, seed: 1, most: 3 },
  { services: 10_000, flows: 100_000, seed: 1, most: 4 },
];

/**
 * How long it takes to evaluate and to prove what is rendered, beside rendering it; medians of interleaved rounds, in CPU time. Reading the
 * YAML is printed apart: a publish reads only the namespaces whose bytes changed. What one flow changes is set beside comparing all
 * connections. `npm run bench -- prove [rounds] [services]`
 */
export async function main(args: string[]): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: args, resourceLimits: THREAD_LIMITS });
  await once(worker, 'exit');
}

function measureAll(args: readonly string[]): void {
  const rounds = Number(args[0] ?? 5);
  const services = args[1] === undefined ? undefined : Number(args[1]);
  for (const size of SIZES) if (services === undefined || size.services === services) report(size, rounds);
  naive({ services: 200, flows: 1_200, seed: 1 });
}

function report(size: EstateSize & { readonly most: number }, rounds: number): void {
  const snapshot = generateEstate(size);
  const { policies } = renderBundle(snapshot);
  console.log(`\n${size.services} services, ${size.flows} flows: ${policies.length} objects, ${rounds} rounds`);
  const input = worldInputOf(snapshot, policies);
  const times = medians(rounds, {
    'compile, render, write, digest': () => renderBundle(snapshot),
    'all connections': () => countOf(eachConnection(buildWorld(input, { ipBlockMatchesPods: false }))),
    'proof of the parsed objects': () => proveParts(snapshot, [{ policies, objections: [] }]),
  });
  printTimes(times);
  for (const name of ['all connections', 'proof of the parsed objects'])
    console.log(
      limitLine(`${name} / rendering`, ratioOf(times, name, 'compile, render, write, digest'), 'x', size.most),
    );
  console.log(limitLine('resident memory', process.memoryUsage().rss / 2 ** 20, 'MB', 700));
  reading(snapshot);
  changeOfOneFlow(snapshot, policies, rounds);
}

/** One flow on another port, both snapshots loaded for themselves, against comparing all connections of both bundles. */
function changeOfOneFlow(snapshot: Snapshot, policies: readonly NetworkPolicy[], rounds: number): void {
  const between = (flow: Flow, at: number): boolean => at > 1000 && 'tier' in flow.from && 'tier' in flow.to;
  const one = snapshot.flows.find(between);
  const changed = (flow: Flow): Flow => (flow === one ? { ...flow, ports: [{ protocol: 'TCP', port: 8443 }] } : flow);
  const after = structuredClone({ ...snapshot, revision: 2, flows: snapshot.flows.map(changed) });
  const [was, is] = [worldInputOf(snapshot, policies), worldInputOf(after, renderBundle(after).policies)];
  const found = [changeOf(snapshot, after).connections, diffConnections(was, is, { ipBlockMatchesPods: false })];
  if (found.some(({ length }) => length !== 1)) throw new Error('one flow is not one changed connection');
  const times = medians(rounds, {
    'change of one flow': () => changeOf(snapshot, after),
    'full comparison': () => diffConnections(was, is, { ipBlockMatchesPods: false }),
  });
  printTimes(times);
  console.log(
    limitLine(
      'change of one flow / full comparison',
      100 * ratioOf(times, 'change of one flow', 'full comparison'),
      '%',
      5,
    ),
  );
}

function reading(snapshot: Snapshot): void {
  const { namespaces } = renderBundle(snapshot);
  const started = cpuMilliseconds();
  for (const { yaml } of namespaces) readPart(yaml);
  const all = cpuMilliseconds() - started;
  console.log(
    `  reading the YAML: ${all.toFixed(0)} ms, ${(all / namespaces.length).toFixed(1)} ms for a namespace of ${namespaces.length}`,
  );
}

/** Every pair of 200 services, asked one after the other on every port that a policy names; both find the same pairs. */
function naive(size: EstateSize): void {
  const snapshot = generateEstate(size);
  const bundle = renderBundle(snapshot);
  if (!prove(snapshot, wholeYaml(bundle)).equal) throw new Error('the estate is not proved');
  const input = worldInputOf(snapshot, bundle.policies);
  const options = { ipBlockMatchesPods: false };
  const ours = medians(5, { 'all connections': () => connections(buildWorld(input, options)) });
  const started = cpuMilliseconds();
  const pairs = new Set<string>();
  for (const src of input.workloads)
    for (const dst of input.workloads)
      for (const [protocol, port] of PORTS)
        if (src !== dst && referenceAllows(input, options, { src, dst, protocol, port }))
          pairs.add(`${src.name} ${dst.name}`);
  const slow = cpuMilliseconds() - started;
  const found = connections(buildWorld(input, options)).filter(
    ({ src, dst }) => !src.endsWith('[External]') && !dst.endsWith('[External]'),
  );
  console.log(
    `\n${size.services} services: ${pairs.size} pairs allowed asked one by one, ${found.length} listed by us`,
  );
  printTimes(new Map([...ours, [`every pair on ${PORTS.length} ports`, slow]]));
  console.log(
    `  every pair / all connections: ${(slow / (ours.get('all connections') ?? 1)).toFixed(0)}x (at least 100x)`,
  );
}

/** The ports that the estate's policies name. */
const PORTS = [
  ['TCP', 8080],
  ['TCP', 9090],
  ['TCP', 443],
  ['TCP', 53],
  ['UDP', 53],
] as const;

/** A Deployment for every tier, with the labels that the tier selects. */
function worldInputOf(snapshot: Snapshot, policies: readonly NetworkPolicy[]): WorldInput {
  const namespaceOf = new Map(snapshot.placements.map(({ application, namespace }) => [application, namespace]));
  const workloads = snapshot.tiers.map((tier) => ({
    namespace: namespaceOf.get(tier.application) ?? tierRef(tier),
    name: tier.name,
    kind: 'Deployment',
    labels: tier.podSelector.matchLabels ?? {},
  }));
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))].map((name) => ({
    name,
    labels: { 'kubernetes.io/metadata.name': name },
  }));
  return { namespaces, workloads, policies };
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}

/** In a thread like those of the server, which have a larger nursery than the main thread. */
if (!isMainThread) measureAll(workerData as string[]);
