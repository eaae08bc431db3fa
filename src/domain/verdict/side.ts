import type { Direction } from '../evaluate/grants.js';
import type { EvaluateOptions } from '../evaluate/options.js';
import type { Peer } from '../evaluate/peer.js';
import { ALL_PORTS, equalPorts, intersectPorts, NO_PORTS, unionPorts, type PortSet } from '../evaluate/port-set.js';
import { rangeOfAddress, type AddressRange } from '../evaluate/ranges.js';
import {
  directionVerdict,
  type Basis,
  type DirectionVerdict,
  type PolicyVerdict,
  type RuleVerdict,
} from '../evaluate/verdict.js';
import { buildWorld, type World } from '../evaluate/world.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { formatAddress } from '../model/cidr.js';
import type { NamespaceFacts, WorkloadFacts } from '../kubernetes/workload.js';
import type { Part } from './seen-end.js';
import type { VerdictIndex } from './verdict-index.js';

/** What the evaluator says of one direction: of all parts of the ends together. */
export interface Evaluated {
  readonly basis: Basis;
  /** On which each part is let through. */
  readonly allowed: PortSet;
  readonly policies: readonly PolicyVerdict[];
}

/** Both directions, and what both let through. */
export interface EvaluatedPair {
  readonly egress: Evaluated;
  readonly ingress: Evaluated;
  /** What both would let through where a network plugin knows no endPort: the same, where no object has one. */
  readonly withoutEndPort: PortSet;
  /** Where parts of an end differ: those that may do more than all of them, with the ports. */
  readonly more: readonly { readonly part: string; readonly allowed: PortSet }[];
}

/** Which sides count: a peer's own side is not Sluice's to decide. */
export type Counted = Readonly<Record<Direction, boolean>>;

/**
 * Hands the parts of two ends, and the objects that select any of them, to the evaluator. Blocks mean addresses outside only, as in
 * the proof: the model never means pods by them.
 */
export function evaluatePair(
  index: VerdictIndex,
  namespaces: readonly NamespaceFacts[],
  from: readonly Part[],
  to: readonly Part[],
  counted: Counted,
): EvaluatedPair {
  const workloads = [...workloadsOf(from, 'source'), ...workloadsOf(to, 'destination')];
  const input = { namespaces, workloads, policies: objectsOf(index, workloads) };
  const answer = (options: Partial<EvaluateOptions>) =>
    pairIn(buildWorld(input, { ipBlockMatchesPods: false, ipv6: 'always', ...options }), from, to, counted);
  const { least, ...pair } = answer({});
  const withoutEndPort = input.policies.some(hasEndPort) ? answer({ endPort: 'first-port' }).least : least;
  return { ...pair, withoutEndPort };
}

function hasEndPort({ spec }: NetworkPolicy): boolean {
  const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
  return rules.some(({ ports }) => ports?.some(({ endPort }) => endPort !== undefined));
}

function pairIn(
  world: World,
  from: readonly Part[],
  to: readonly Part[],
  counted: Counted,
): Omit<EvaluatedPair, 'withoutEndPort'> & { readonly least: PortSet } {
  const sources = peersOf(world, from, 'source', 'ingress');
  const destinations = peersOf(world, to, 'destination', 'egress');
  const pairs = sources.flatMap((src) =>
    destinations.filter((dst) => speakTogether(src, dst)).map((dst) => ({ src, dst })),
  );
  const of = (direction: Direction): DirectionVerdict[] =>
    pairs.map(({ src, dst }) => directionVerdict(world, direction, src, dst));
  const [egress, ingress] = [of('egress'), of('ingress')];
  const totals = pairs.map((pair, at) => {
    const out = counted.egress ? (egress[at]?.allowed ?? NO_PORTS) : ALL_PORTS;
    const into = counted.ingress ? (ingress[at]?.allowed ?? NO_PORTS) : ALL_PORTS;
    return { part: sources.length > 1 ? pair.src.ref : pair.dst.ref, allowed: intersectPorts(out, into) };
  });
  const least = totals.reduce((all, { allowed }) => intersectPorts(all, allowed), ALL_PORTS);
  const more = totals.filter(({ allowed }) => !equalPorts(allowed, least));
  return { egress: together(egress), ingress: together(ingress), more, least };
}

/** Source and destination have names of their own: of one tier they are two pods, not one. */
function workloadsOf(parts: readonly Part[], name: string): WorkloadFacts[] {
  return parts.flatMap((part) =>
    part.kind === 'pod' ? [{ namespace: part.namespace, name, kind: 'Pods', labels: part.labels }] : [],
  );
}

function objectsOf(index: VerdictIndex, workloads: readonly WorkloadFacts[]): readonly NetworkPolicy[] {
  return [...new Set(workloads.flatMap(({ namespace, labels }) => index.objectsOf(namespace, labels)))];
}

/** Addresses fall into the pieces between which the objects distinguish. */
function peersOf(world: World, parts: readonly Part[], name: string, cutBy: Direction): Peer[] {
  return parts.flatMap((part): Peer[] => {
    if (part.kind === 'range') return pieces(world.ranges[cutBy], part.range).map(rangePeer);
    const workload = world.byName.get(`${part.namespace}/${name}`)?.[0];
    return workload === undefined ? [] : [{ kind: 'workload', ref: workload.ref, workload }];
  });
}

function rangePeer(range: AddressRange): Peer {
  const { family, first, last } = range;
  const ends = [first, ...(last > first ? [last] : [])].map((value) => formatAddress(family, value));
  return { kind: 'range', ref: ends.join('-'), range };
}

/** No connection runs from an address of one family to one of the other. */
function speakTogether(src: Peer, dst: Peer): boolean {
  return src.kind !== 'range' || dst.kind !== 'range' || src.range.family === dst.range.family;
}

function pieces(cut: readonly AddressRange[], { family, first, last }: AddressRange): AddressRange[] {
  const from = rangeOfAddress(cut, family, first) ?? 0;
  const to = rangeOfAddress(cut, family, last) ?? -1;
  return cut.slice(from, to + 1).map((piece) => ({
    family,
    first: piece.first > first ? piece.first : first,
    last: piece.last < last ? piece.last : last,
  }));
}

function together(verdicts: readonly DirectionVerdict[]): Evaluated {
  const policies = new Map<string, PolicyVerdict>();
  for (const { policies: own } of verdicts)
    for (const policy of own) policies.set(policy.policy, joined(policies.get(policy.policy), policy));
  return {
    basis: verdicts.find(({ basis }) => basis === 'policies')?.basis ?? verdicts[0]?.basis ?? 'default-allow',
    allowed: verdicts.reduce((all, { allowed }) => intersectPorts(all, allowed), ALL_PORTS),
    policies: [...policies.values()],
  };
}

/** A rule counts where it counts for any part: which parts lack it, `more` says. */
function joined(a: PolicyVerdict | undefined, b: PolicyVerdict): PolicyVerdict {
  if (a === undefined) return b;
  const rules = b.rules.map((rule, at): RuleVerdict => {
    const other = a.rules[at];
    const allowed = unionPorts(rule.allowed, other?.allowed ?? NO_PORTS);
    return { rule: rule.rule, selectsPeer: rule.selectsPeer || other?.selectsPeer === true, allowed };
  });
  return { policy: b.policy, rules, allowed: unionPorts(a.allowed, b.allowed) };
}
