import type { Reach, RulePeer } from '../../../../src/domain/compile/compiled.js';
import { compile } from '../../../../src/domain/compile/compile.js';
import { placePeers } from '../../../../src/domain/compile/place-peers.js';
import { placeTiers } from '../../../../src/domain/compile/place-tiers.js';
import { resolveFlows, type ResolvedEnd } from '../../../../src/domain/compile/resolve-flows.js';
import { blockHolds, blockRanges } from '../../../../src/domain/evaluate/ranges.js';
import { matches } from '../../../../src/domain/evaluate/selector.js';
import { declaredConnections } from '../../../../src/domain/graph/declared.js';
import { endName } from '../../../../src/domain/model/entities.js';
import type { Labels } from '../../../../src/domain/model/labels.js';
import { lastPort, type PortRange } from '../../../../src/domain/model/ports.js';
import { canOverlap, isSubset } from '../../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../../src/domain/model/snapshot.js';

/** Ports one by one. */
export function everyPort(ports: readonly PortRange[]): string[] {
  const all = ports.flatMap((range) =>
    Array.from({ length: lastPort(range) - range.port + 1 }, (_, at) => `${range.protocol} ${range.port + at}`),
  );
  return [...new Set(all)].sort();
}

const minus = (a: readonly string[], b: readonly string[]): string[] => a.filter((item) => !b.includes(item));

export interface SlowConnection {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly risk: string;
}

/** All pairs of ends of two snapshots compared in full: ports one by one, ends by asking who of many pods and addresses they hold. */
export function slowConnections(before: Snapshot, after: Snapshot): Map<string, SlowConnection> {
  const [was, is] = [pairsOf(before), pairsOf(after)];
  const changed = new Map<string, SlowConnection>();
  for (const key of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const [old, now] = [was.get(key), is.get(key)];
    const gained = minus(now?.ports ?? [], old?.ports ?? []);
    const lost = minus(old?.ports ?? [], now?.ports ?? []);
    const risks = new Set([...(gained.length > 0 ? ['widens'] : []), ...(lost.length > 0 ? ['narrows'] : [])]);
    if (old !== undefined && now !== undefined) {
      for (const risk of [...endRisks(old.from, now.from), ...endRisks(old.to, now.to)]) risks.add(risk);
    }
    const [first] = risks;
    if (first !== undefined) changed.set(key, { gained, lost, risk: risks.size > 1 ? 'both' : first });
  }
  return changed;
}

interface SlowPair {
  readonly ports: readonly string[];
  readonly from: ResolvedEnd;
  readonly to: ResolvedEnd;
}

function pairsOf(snapshot: Snapshot): Map<string, SlowPair> {
  const resolved = resolveFlows(snapshot, placeTiers(snapshot), placePeers(snapshot)).flows;
  return new Map(
    declaredConnections(snapshot).flatMap(({ from, to, ports, flows }) => {
      const flow = resolved.find(({ name }) => name === flows[0]);
      if (flow === undefined) return [];
      return [[`${endName(from)} ${endName(to)}`, { ports: everyPort(ports), from: flow.from, to: flow.to }] as const];
    }),
  );
}

function endRisks(before: ResolvedEnd, after: ResolvedEnd): string[] {
  const [old, now] = [heldBy(before.seen, after.seen), heldBy(after.seen, before.seen)];
  const [came, went] = [minus(now, old).length > 0, minus(old, now).length > 0];
  const ownObjects = before.tier !== undefined || after.tier !== undefined;
  if ((came || went) && ownObjects) return ['both'];
  return [...(came ? ['widens'] : []), ...(went ? ['narrows'] : [])];
}

/** Which of many subjects an end holds; `other` only says where more addresses are worth asking about. */
function heldBy(reach: Reach, other: Reach): string[] {
  const peers = [reach, other].flatMap((one): readonly RulePeer[] => (one === 'anywhere' ? [] : one));
  const ranges = peers.flatMap((peer) => (peer.kind === 'block' ? blockRanges(peer) : []));
  const addresses = ranges.flatMap(({ family, first, last }) =>
    [first - 1n, first, last, last + 1n].map((value) => ({ family, value })),
  );
  const held = (holds: (peer: RulePeer) => boolean): boolean => reach === 'anywhere' || reach.some(holds);
  return [
    ...(reach === 'anywhere' ? ['anyone at all'] : []),
    ...addresses.flatMap(({ family, value }) =>
      held((peer) => peer.kind === 'block' && blockHolds(peer, family, value)) ? [`${family} ${value}`] : [],
    ),
    ...PODS.flatMap((pod, at) => (held((peer) => peer.kind === 'pods' && holdsPod(peer, pod)) ? [`pod ${at}`] : [])),
  ];
}

interface Pod {
  readonly namespace: Labels;
  readonly labels: Labels;
}

function holdsPod({ namespaces, podSelector }: RulePeer & { kind: 'pods' }, { namespace, labels }: Pod): boolean {
  const there =
    typeof namespaces === 'string'
      ? namespace['kubernetes.io/metadata.name'] === namespaces
      : matches(namespaces, namespace);
  // The mark that keeps tiers apart is the same on both sides, and no pod here has it.
  const { tier: _, ...matchLabels } = podSelector.matchLabels ?? {};
  return there && matches({ ...podSelector, matchLabels }, labels);
}

/** Every way in which the few labels of random snapshots can stand on a namespace and a pod. */
const PODS: readonly Pod[] = product([
  ['kubernetes.io/metadata.name', ['one', 'two', 'kube-system', 'elsewhere', 'other']],
  ['team', [undefined, 'blue', 'green', 'red']],
]).flatMap((namespace) =>
  product([
    ['app', [undefined, 'x', 'y', 'z', '', 'q']],
    ['track', [undefined, 'x', 'y', 'z', '', 'q']],
    ['constructor', [undefined, 'x', 'y', 'z', '', 'q']],
  ]).map((labels) => ({ namespace, labels })),
);

function product(keys: readonly (readonly [string, readonly (string | undefined)[]])[]): Labels[] {
  return keys.reduce<Labels[]>(
    (all, [key, values]) =>
      all.flatMap((labels) => values.map((value) => (value === undefined ? labels : { ...labels, [key]: value }))),
    [{}],
  );
}

/** Of all tiers of pods of `here`, the directions in which an object of it isolates them, and none of `other`. */
export function slowIsolated(here: Snapshot, other: Snapshot): string[] {
  const [own, others] = [compile(here).policies, compile(other).policies];
  return [...placeTiers(here).tiers.values()].flatMap((tier) => {
    if (tier.kind !== 'pods' || !canOverlap(tier.podSelector, tier.podSelector)) return [];
    const isolates = (policies: typeof own, direction: string): boolean =>
      policies.some((policy) => {
        if (policy.namespace !== tier.namespace) return false;
        if (policy.kind === 'default-deny') return true;
        return policy.direction === direction && isSubset(tier.podSelector, policy.podSelector);
      });
    return ['egress', 'ingress']
      .filter((direction) => isolates(own, direction) && !isolates(others, direction))
      .map((direction) => `${tier.ref} in ${tier.namespace} ${direction}`);
  });
}
