import { dump } from 'js-yaml';
import { stringify } from 'yaml';
import { compile } from '../src/domain/compile/compile.js';
import type { NetworkPolicy, NetworkPolicyPeer } from '../src/domain/kubernetes/network-policy.js';
import type { LabelSelector } from '../src/domain/model/selector.js';
import { renderBundle } from '../src/domain/render/bundle.js';
import { render } from '../src/domain/render/render.js';
import { writeYaml } from '../src/domain/render/yaml.js';
import { generateEstate, type EstateSize } from './estate.js';
import { leastLine, limitLine } from './report.js';
import { medians, printTimes, ratioOf } from './rounds.js';

const SIZES: readonly EstateSize[] = [
  { services: 1_500, flows: 9_300, seed: 1 },
  { services: 10_000, flows: 100_000, seed: 1 },
];

/**
 * How long compile, render and the writer take, against JSON.stringify and the two YAML libraries on the same objects, each one text
 * for each namespace, those of YAML in the bytes that are stored; medians of interleaved rounds, in CPU time. `npm run bench -- render [rounds]`
 */
export async function main(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 7);
  for (const size of SIZES) {
    const policies = reportRendering(size, rounds);
    reportWriters(policies, rounds);
    reportSizes(policies);
  }
  return Promise.resolve();
}

/** Gives the objects alone: what the garbage collector would have to go through besides counts as the writers' time. */
function reportRendering(size: EstateSize, rounds: number): readonly NetworkPolicy[] {
  const snapshot = generateEstate(size);
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
  return policies;
}

function reportWriters(policies: readonly NetworkPolicy[], rounds: number): void {
  const namespaces = byNamespace(policies);
  const writers = medians(rounds, {
    'our YAML': () => writeYaml(policies),
    'JSON.stringify': () => namespaces.map((objects) => JSON.stringify(objects)),
  });
  printTimes(writers);
  console.log(limitLine('  our YAML / JSON.stringify', ratioOf(writers, 'our YAML', 'JSON.stringify'), 'x', 1.3));
  reportLibraries(policies, namespaces);
}

function byNamespace(policies: readonly NetworkPolicy[]): NetworkPolicy[][] {
  const namespaces = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    const objects = namespaces.get(policy.metadata.namespace);
    if (objects === undefined) namespaces.set(policy.metadata.namespace, [policy]);
    else objects.push(policy);
  }
  return [...namespaces.values()];
}

function reportLibraries(policies: readonly NetworkPolicy[], namespaces: readonly NetworkPolicy[][]): void {
  const streams = (dumped: (policy: NetworkPolicy) => string): Buffer[] =>
    namespaces.map((objects) => Buffer.from(objects.map(dumped).join('---\n')));
  const times = medians(3, {
    'our YAML': () => writeYaml(policies),
    'js-yaml': () => streams((policy) => dump(policy, { noRefs: true })),
    yaml: () => streams((policy) => stringify(policy, { aliasDuplicateObjects: false })),
  });
  printTimes(times);
  const slower = (library: string): number => ratioOf(times, library, 'our YAML');
  console.log(leastLine('  js-yaml / our YAML', slower('js-yaml'), 'x', 20));
  console.log(leastLine('  yaml / our YAML', slower('yaml'), 'x', 25));
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
  const bytes = (all: readonly NetworkPolicy[]): number =>
    writeYaml(all).lengths.reduce((sum, length) => sum + length, 0);
  const merged = bytes(policies);
  const single = policies.reduce((sum, policy) => sum + bytes([apart(policy)]), 0);
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
