import { compareText } from '../errors.js';
import type { IpBlock, NetworkPolicy, NetworkPolicyPeer } from '../kubernetes/network-policy.js';
import { workloadRef, type NamespaceFacts, type WorkloadFacts } from '../kubernetes/workload.js';
import { formatAddress, parseAddress, type Family } from '../model/cidr.js';
import type { LabelSelector } from '../model/selector.js';
import { podsInBlock } from './address-index.js';
import { isolation, type Direction, type Isolation } from './grants.js';
import { evaluateOptions, type EvaluateOptions } from './options.js';
import { podsOfFew, podsOfPeers } from './peer-pods.js';
import { collapse, type PodClass } from './pod-class.js';
import { cutRanges, type AddressRange } from './ranges.js';
import { FEW, selection } from './select.js';

/** What is to be judged: who is there, and which NetworkPolicies (valid and defaulted) hold. */
export interface WorldInput {
  readonly namespaces: readonly NamespaceFacts[];
  readonly workloads: readonly WorkloadFacts[];
  readonly policies: readonly NetworkPolicy[];
  /** Policies that do not hold here, but whose ipBlocks cut the ranges too: so that two worlds can be compared. */
  readonly cutAlsoBy?: readonly NetworkPolicy[];
}

/** A workload as the answers call it, and the classes of its pods. */
export interface WorkloadPeer {
  readonly ref: string;
  readonly kind: string;
  readonly classes: readonly number[];
  /** The addresses of the nodes its pods run on, where they are known. */
  readonly nodes: readonly string[];
}

/** All that is asked of a cluster, looked up once: classes, ranges and who isolates whom. */
export interface World {
  readonly input: WorldInput;
  readonly options: EvaluateOptions;
  readonly classes: readonly PodClass[];
  /** The class of each workload, in the order of the input. */
  readonly classOf: readonly number[];
  readonly workloads: readonly WorkloadPeer[];
  /** The workloads by `namespace/name[Kind]`, and by `namespace/name`. */
  readonly byName: ReadonlyMap<string, readonly WorkloadPeer[]>;
  /** Of which families the lists of connections name ranges. */
  readonly families: readonly Family[];
  /** Sources outside the cluster are cut by ingress blocks, destinations by egress blocks. */
  readonly ranges: Readonly<Record<Direction, readonly AddressRange[]>>;
  readonly isolation: Readonly<Record<Direction, Isolation>>;
}

/**
 * Prepares a cluster for questions. Namespaces that are not given have only the label kubernetes.io/metadata.name.
 * Policies must be valid and defaulted, as readManifests and the renderer give them.
 * @example
 * const world = buildWorld({ namespaces: [], workloads: [web, db], policies: [policy] });
 * formatPortSet(allowedPorts(world, 'shop/web[Deployment]', 'shop/db[StatefulSet]')) // 'TCP 5432'
 */
export function buildWorld(input: WorldInput, given: Partial<EvaluateOptions> = {}): World {
  const options = evaluateOptions(given);
  const peers = peersIn(input.policies);
  const cutting = peersIn(input.cutAlsoBy ?? []);
  const blocks = {
    ingress: blocksOf(peers.ingress, cutting.ingress),
    egress: blocksOf(peers.egress, cutting.egress),
  };
  const all = [...blocks.ingress, ...blocks.egress];
  const few = input.workloads.length <= FEW;
  const labelKeys = few ? labelKeysOfPods(input.workloads) : labelKeysOf(input.policies, peers);
  const distinctions = { labelKeys, ranges: cutRanges(all, FAMILIES) };
  const { classes, classOf } = collapse(input.workloads, distinctions, options);
  const select = selection(withMissing(input.namespaces, input.workloads), classes);
  const inBlock = podsInBlock(classes, options);
  const podsOf = classes.length <= FEW ? podsOfFew(select, inBlock) : podsOfPeers(select, inBlock);
  const sideOf = (direction: Direction): { ranges: readonly AddressRange[]; isolation: Isolation } => {
    const ranges = cutRanges(blocks[direction], FAMILIES);
    return { ranges, isolation: isolation(direction, input.policies, { classes, select, podsOf, ranges }, options) };
  };
  const ingress = sideOf('ingress');
  const egress = sideOf('egress');
  // Who asks by class needs neither.
  const workloads = once(() => peersOf(input.workloads, classOf));
  const names = once(() => byName(workloads()));
  return {
    input,
    options,
    classes,
    classOf,
    get workloads() {
      return workloads();
    },
    get byName() {
      return names();
    },
    families: familiesOf(all, options),
    ranges: { ingress: ingress.ranges, egress: egress.ranges },
    isolation: { ingress: ingress.isolation, egress: egress.isolation },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

type Peers = Readonly<Record<Direction, ReadonlySet<NetworkPolicyPeer>>>;

/** The peers of all rules: most rules name the same few, which are mostly one object each. */
function peersIn(policies: readonly NetworkPolicy[]): Peers {
  const ingress = new Set<NetworkPolicyPeer>();
  const egress = new Set<NetworkPolicyPeer>();
  for (const { spec } of policies) {
    for (const { from = [] } of spec.ingress ?? []) for (const peer of from) ingress.add(peer);
    for (const { to = [] } of spec.egress ?? []) for (const peer of to) egress.add(peer);
  }
  return { ingress, egress };
}

function blocksOf(...lists: readonly ReadonlySet<NetworkPolicyPeer>[]): IpBlock[] {
  const blocks: IpBlock[] = [];
  for (const peers of lists) for (const { ipBlock } of peers) if (ipBlock !== undefined) blocks.push(ipBlock);
  return blocks;
}

/** For so few pods, reading all selectors for the labels that they ask for costs more than telling pods apart by every label. */
function labelKeysOfPods(workloads: readonly WorkloadFacts[]): ReadonlySet<string> {
  return new Set(workloads.flatMap(({ labels }) => Object.keys(labels)));
}

function labelKeysOf(policies: readonly NetworkPolicy[], { ingress, egress }: Peers): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = ({ matchLabels, matchExpressions }: LabelSelector): void => {
    for (const key of Object.keys(matchLabels ?? {})) keys.add(key);
    for (const { key } of matchExpressions ?? []) keys.add(key);
  };
  for (const { spec } of policies) add(spec.podSelector);
  for (const peers of [ingress, egress])
    for (const { podSelector } of peers) if (podSelector !== undefined) add(podSelector);
  return keys;
}

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

function familiesOf(blocks: readonly IpBlock[], { ipv6 }: EvaluateOptions): readonly Family[] {
  const used = blocks.some(({ cidr }) => cidr.includes(':'));
  return ipv6 === 'always' || (ipv6 === 'when-used' && used) ? ['IPv4', 'IPv6'] : ['IPv4'];
}

function withMissing(
  namespaces: readonly NamespaceFacts[],
  workloads: readonly WorkloadFacts[],
): readonly NamespaceFacts[] {
  const known = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
  for (const { namespace: name } of workloads) {
    if (!known.has(name)) known.set(name, { name, labels: { 'kubernetes.io/metadata.name': name } });
  }
  return [...known.values()];
}

function peersOf(workloads: readonly WorkloadFacts[], classOf: readonly number[]): WorkloadPeer[] {
  const peers = new Map<string, { kind: string; classes: Set<number>; nodes: Set<string> }>();
  for (const [index, workload] of workloads.entries()) {
    const ref = workloadRef(workload);
    const peer = peers.get(ref) ?? { kind: workload.kind, classes: new Set<number>(), nodes: new Set<string>() };
    peer.classes.add(classOf[index] ?? 0);
    for (const text of workload.hostAddresses ?? []) peer.nodes.add(canonical(text));
    peers.set(ref, peer);
  }
  return [...peers]
    .map(([ref, { kind, classes, nodes }]) => ({ ref, kind, classes: [...classes], nodes: [...nodes] }))
    .sort((a, b) => compareText(a.ref, b.ref));
}

function byName(workloads: readonly WorkloadPeer[]): ReadonlyMap<string, readonly WorkloadPeer[]> {
  const names = new Map<string, WorkloadPeer[]>();
  for (const workload of workloads) {
    for (const name of [workload.ref, workload.ref.slice(0, workload.ref.lastIndexOf('['))]) {
      const same = names.get(name);
      if (same === undefined) names.set(name, [workload]);
      else same.push(workload);
    }
  }
  return names;
}

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address.family, address.value);
}
