import { allowedBetween, alwaysAllowed } from './allowed.js';
import { dependence, worldAround } from './dependence.js';
import { endsOf, grantsPeer, onSameNode, portsOfSide, sharedFamilies, type End } from './ends.js';
import type { Direction, Side } from './grants.js';
import { findPeer, type Peer } from './peer.js';
import { portsAt } from './port-rule.js';
import { ALL_PORTS, NO_PORTS, subtractPorts, unionOf, unionPorts, type PortSet } from './port-set.js';
import type { World } from './world.js';

/** The answer to "may src talk to dst", with all that made it. */
export interface Verdict {
  readonly src: string;
  readonly dst: string;
  readonly allowed: PortSet;
  readonly denied: PortSet;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
  /** Which switches would give another answer, in words: where network plugins differ, or where facts are not known. */
  readonly implementationDependent: readonly string[];
}

/** Why a direction allows what it allows. */
export type Basis =
  /** Policies isolate the pods: only what a rule names is allowed. */
  | 'policies'
  /** No policy isolates the pods in this direction. */
  | 'default-allow'
  /** This end is outside the cluster, where no policy holds. */
  | 'outside-cluster'
  /** This end is on its node's network, where no policy holds. */
  | 'host-network'
  | 'same-pod'
  | 'own-node';

export interface DirectionVerdict {
  readonly direction: Direction;
  readonly basis: Basis;
  readonly allowed: PortSet;
  /** Every policy that isolates the pods in this direction, by name. */
  readonly policies: readonly PolicyVerdict[];
}

/** What one policy adds: the union of its rules. */
export interface PolicyVerdict {
  readonly policy: string;
  readonly allowed: PortSet;
  readonly rules: readonly RuleVerdict[];
}

/** One rule, numbered from 1: whether it names the other end, and the ports it then allows. */
export interface RuleVerdict {
  readonly rule: number;
  readonly selectsPeer: boolean;
  readonly allowed: PortSet;
}

/**
 * Answers one question and keeps the reasons. Takes peers as findPeer does, and refuses what it refuses.
 * @example verdict(world, 'shop/web', 'shop/db').ingress.policies[0]?.policy // 'shop/allow-db-ingress'
 */
export function verdict(whole: World, src: string, dst: string): Verdict {
  const asked = [findPeer(whole, src), findPeer(whole, dst)];
  const world = worldAround(whole, asked);
  const [from, to] = [findPeer(world, asked[0]?.ref ?? src), findPeer(world, asked[1]?.ref ?? dst)];
  const allowed = allowedBetween(world, from, to);
  return {
    src: from.ref,
    dst: to.ref,
    allowed,
    denied: subtractPorts(ALL_PORTS, allowed),
    egress: directionVerdict(world, 'egress', from, to),
    ingress: directionVerdict(world, 'ingress', from, to),
    implementationDependent: dependence(world, from, to),
  };
}

interface Pair {
  readonly from: End;
  readonly to: End;
}

/** What one side of a connection says, as the world has it: without a smaller world of its own, and without turning switches. */
export function directionVerdict(world: World, direction: Direction, src: Peer, dst: Peer): DirectionVerdict {
  const pairs = endsOf(world, 'ingress', src).flatMap((from) =>
    endsOf(world, 'egress', dst).map((to) => ({ from, to })),
  );
  const always =
    alwaysAllowed(src, dst) ?? (pairs.some(({ from, to }) => onSameNode(from, to)) ? 'own-node' : undefined);
  if (always !== undefined) return { direction, basis: always, allowed: ALL_PORTS, policies: [] };
  const policies = policyVerdicts(world, direction, pairs);
  const allowed = unionOf(
    pairs.flatMap((pair) =>
      sharedFamilies(pair.from, pair.to).map((family) => portsOfSide(world, direction, pair, family)),
    ),
  );
  return { direction, basis: policies.length > 0 ? 'policies' : basisOf(direction, pairs), allowed, policies };
}

function basisOf(direction: Direction, pairs: readonly Pair[]): Basis {
  const subject = direction === 'egress' ? pairs[0]?.from : pairs[0]?.to;
  if (subject?.kind === 'range') return 'outside-cluster';
  return subject?.pods.onNode === true ? 'host-network' : 'default-allow';
}

function policyVerdicts(world: World, direction: Direction, pairs: readonly Pair[]): PolicyVerdict[] {
  const verdicts = new Map<string, PolicyVerdict>();
  for (const pair of pairs) {
    const subject = direction === 'egress' ? pair.from : pair.to;
    const sides = subject.kind === 'pods' ? (world.isolation[direction].get(subject.pods.id) ?? []) : [];
    for (const side of sides)
      verdicts.set(side.policy, together(verdicts.get(side.policy), policyVerdict(side, direction, pair)));
  }
  return [...verdicts.values()].sort((a, b) => (a.policy < b.policy ? -1 : 1));
}

function policyVerdict({ policy, grants }: Side, direction: Direction, pair: Pair): PolicyVerdict {
  const peer = direction === 'egress' ? pair.to : pair.from;
  const destination = pair.to.kind === 'pods' ? pair.to.pods : undefined;
  const rules = grants.map((grant, index): RuleVerdict => {
    const selectsPeer = sharedFamilies(pair.from, pair.to).some((family) => grantsPeer(grant, peer, family));
    return { rule: index + 1, selectsPeer, allowed: selectsPeer ? portsAt(grant.ports, destination) : NO_PORTS };
  });
  return { policy, rules, allowed: unionOf(rules.map((rule) => rule.allowed)) };
}

/** Pods of one workload may differ: a rule counts for the workload where it counts for any of them. */
function together(a: PolicyVerdict | undefined, b: PolicyVerdict): PolicyVerdict {
  if (a === undefined) return b;
  const rules = b.rules.map((rule, index) => ({
    rule: rule.rule,
    selectsPeer: rule.selectsPeer || a.rules[index]?.selectsPeer === true,
    allowed: unionPorts(rule.allowed, a.rules[index]?.allowed ?? NO_PORTS),
  }));
  return { policy: b.policy, rules, allowed: unionPorts(a.allowed, b.allowed) };
}
