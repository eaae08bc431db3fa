import { dump } from 'js-yaml';
import { stringify } from 'yaml';
import { compile } from '../src/domain/compile/compile.js';
import type { NetworkPolicy, NetworkPolicyPeer } from '../src/domain/kubernetes/network-policy.js';
import type { LabelSelector } from '../src/domain/model/selector.js';
import type { Snapshot } from '../src/domain/model/snapshot.js';
import { renderBundle } from '../src/domain/render/bundle.js';
import { render } from '../src/domain/render/render.js';
import { writeYaml } from '../src/domain/render/yaml.js';
import { generateEstate, type EstateSize } from './estate.js';
import { median } from './report.js';

const SIZES: readonly EstateSize[] = [
  { services: 1_500, flows: 9_300, seed: 1 },
  { services: 10_000, flows: 100_000, seed: 1 },
];
const WARM_UP_MILLISECONDS = 1_500;

/**
 * How long compile, render and the writer take, against JSON.stringify and the two YAML libraries on the same objects, each to one
 * flat string; medians of interleaved rounds, in CPU time. `npm run bench -- render [rounds]`
 */
export async function main(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 7);
  for (const size of SIZES) report(size, generateEstate(size), rounds);
  return Promise.resolve();
}

function report(size: EstateSize, snapshot: Snapshot, rounds: number): void {
  const policies = render(compile(snapshot));
  console.log(
    `\n${size.services} services, ${size.flows} flows: ${policies.length} objects, seed ${size.seed}, ${rounds} rounds`,
  );
  printTimes(
    medians(rounds, {
      compile: () => compile(snapshot),
      'compile, render, write, digest': () => renderBundle(snapshot),
    }),
  );
  const writers = medians(rounds, {
    'our YAML': () => writeYaml(policies),
    'JSON.stringify': () => JSON.stringify(policies),
  });
  printTimes(writers);
  console.log(`  our YAML / JSON.stringify: ${ratio(writers, 'our YAML', 'JSON.stringify')}`);
  reportLibraries(policies);
  reportSizes(policies);
}

function reportLibraries(policies: readonly NetworkPolicy[]): void {
  const times = medians(1, {
    'our YAML': () => writeYaml(policies),
    'js-yaml': () => policies.map((policy) => dump(policy, { noRefs: true })).join('---\n'),
    yaml: () => policies.map((policy) => stringify(policy, { aliasDuplicateObjects: false })).join('---\n'),
  });
  printTimes(times);
  console.log(
    `  js-yaml / our YAML: ${ratio(times, 'js-yaml', 'our YAML')}   yaml / our YAML: ${ratio(times, 'yaml', 'our YAML')}`,
  );
}

function reportSizes(policies: readonly NetworkPolicy[]): void {
  const jsonBytes = (policy: NetworkPolicy): number => Buffer.byteLength(JSON.stringify(policy));
  const largest = policies
    .map((policy) => ({ policy, bytes: jsonBytes(policy) }))
    .reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const { name, namespace } = largest.policy.metadata;
  console.log(
    `  largest object: ${namespace}/${name}, ${largest.bytes} bytes of JSON, ${jsonBytes(apart(largest.policy))} without the In merge`,
  );
  const merged = writeYaml(policies).length;
  const single = policies.reduce((sum, policy) => sum + writeYaml([apart(policy)]).length, 0);
  console.log(
    `  YAML: ${merged} bytes, ${single} without the In merge (${((1 - merged / single) * 100).toFixed(1)} % less)`,
  );
}

/** The same object with every `In` of a peer taken apart into a peer for each value. */
function apart(policy: NetworkPolicy): NetworkPolicy {
  const { ingress, egress } = policy.spec;
  const ingressApart = ingress?.map((rule) =>
    rule.from === undefined ? rule : { ...rule, from: rule.from.flatMap(peersApart) },
  );
  const egressApart = egress?.map((rule) =>
    rule.to === undefined ? rule : { ...rule, to: rule.to.flatMap(peersApart) },
  );
  const rules = { ...(ingressApart && { ingress: ingressApart }), ...(egressApart && { egress: egressApart }) };
  return { ...policy, spec: { ...policy.spec, ...rules } };
}

function peersApart(peer: NetworkPolicyPeer): NetworkPolicyPeer[] {
  const { podSelector } = peer;
  return podSelector === undefined ? [peer] : selectorsApart(podSelector).map((one) => ({ ...peer, podSelector: one }));
}

function selectorsApart(selector: LabelSelector): LabelSelector[] {
  const [first, ...rest] = (selector.matchExpressions ?? []).filter(({ operator }) => operator === 'In');
  if (first === undefined) return [selector];
  const others = (selector.matchExpressions ?? []).filter((requirement) => requirement !== first);
  const left = rest.length > 0 || others.length > 0 ? { matchExpressions: others } : {};
  return (first.values ?? []).flatMap((value) =>
    selectorsApart({ matchLabels: { ...selector.matchLabels, [first.key]: value }, ...left }),
  );
}

/**
 * CPU time, as other work on the machine would count in time by the clock. Rounds go through all of them in turn; in each round an
 * action runs twice and the second run counts, as the first one clears away what the action before left behind.
 */
function medians(rounds: number, actions: Record<string, () => unknown>): Map<string, number> {
  const times = new Map(Object.keys(actions).map((name) => [name, [] as number[]]));
  for (const action of Object.values(actions)) warmUp(action);
  for (let round = 0; round < rounds; round++) {
    for (const [name, action] of Object.entries(actions)) {
      action();
      const started = cpuMilliseconds();
      action();
      times.get(name)?.push(cpuMilliseconds() - started);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

/** A server has run its code before: an action is measured once it has run for a while. */
function warmUp(action: () => unknown): void {
  const until = cpuMilliseconds() + WARM_UP_MILLISECONDS;
  do action();
  while (cpuMilliseconds() < until);
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function printTimes(times: ReadonlyMap<string, number>): void {
  for (const [name, milliseconds] of times)
    console.log(`  ${name.padEnd(32)} ${milliseconds.toFixed(1).padStart(9)} ms`);
}

function ratio(times: ReadonlyMap<string, number>, one: string, other: string): string {
  return `${((times.get(one) ?? 0) / (times.get(other) ?? 1)).toFixed(2)}x`;
}
