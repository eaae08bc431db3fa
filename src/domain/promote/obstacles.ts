import { findOverlaps } from '../compile/overlap.js';
import { type PlacedPeers, placePeers } from '../compile/place-peers.js';
import { type PlacedTiers, placeTiers, podsByNamespace } from '../compile/place-tiers.js';
import { resolveFlows } from '../compile/resolve-flows.js';
import type { Problem } from '../errors.js';
import type { Endpoint, Flow, Tier, TierPlacement } from '../model/entities.js';
import { tierRef } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';
import { missing } from '../validate/references.js';
import type { PromotedFlows, PromotionParts } from './combine.js';

/** How many flows a problem names of those that it stops. */
const FLOWS_NAMED = 3;

/**
 * Why flows that the source renders would not hold in the target as they are declared, each reason once: a tier that is not placed, a peer
 * without addresses, an override that the placement has for a tier that was another one then, tiers that would share their pods.
 * @example obstacles(parts, flows, snapshot) // [{ pointer: '#/tier/shop/cache', code: 'tier-not-placed', value: 'shop/cache', ... }]
 */
export function obstacles(parts: PromotionParts, flows: PromotedFlows, snapshot: Snapshot): Problem[] {
  const [tiers, peers] = [placeTiers(snapshot), placePeers(snapshot)];
  const resolved = resolveFlows(snapshot, tiers, peers);
  const there = renderedIn(parts.source);
  const here = new Set(resolved.flows.map(({ name }) => name));
  const stopped = flows.promoted.filter(({ name }) => there.has(name) && !here.has(name));
  const errors = resolved.findings.filter(({ severity }) => severity === 'error');
  return [
    ...grouped(stopped.flatMap((flow) => reasonsOf(flow, snapshot.environment.name, tiers, peers))),
    ...errors.map(({ path, code, message }) => ({ pointer: `#/${path}`, code, detail: message })),
    ...overrideProblems(parts, flows.promoted),
    ...overlapProblems(tiers),
  ];
}

function renderedIn(snapshot: Snapshot): ReadonlySet<string> {
  const { flows } = resolveFlows(snapshot, placeTiers(snapshot), placePeers(snapshot));
  return new Set(flows.map(({ name }) => name));
}

/** A problem, and a flow that it stops. */
interface Reason extends Problem {
  readonly flow: string;
}

function reasonsOf(flow: Flow, environment: string, { tiers }: PlacedTiers, { peers }: PlacedPeers): Reason[] {
  const ofEnd = (end: Endpoint): Reason[] => {
    const reason = (kind: 'tier' | 'peer', name: string, code: string, what: string): Reason[] => {
      const detail = `${kind} "${name}" ${what} in environment "${environment}"`;
      return [{ pointer: `#/${kind}/${name}`, code, detail, value: name, flow: flow.name }];
    };
    if ('tier' in end) {
      const tier = tiers.get(end.tier);
      if (tier === undefined) return reason('tier', end.tier, 'tier-not-placed', 'is not placed');
      return tier.seen.length > 0 ? [] : reason('tier', end.tier, 'tier-without-addresses', 'has no address');
    }
    const peer = peers.get(end.peer);
    // Those of pods stand in some namespace; only whether there are addresses matters here.
    const empty = peer === undefined || peer.seenFrom('').length === 0;
    return empty ? reason('peer', end.peer, 'peer-without-addresses', 'has no address') : [];
  };
  const reasons = [flow.from, flow.to].flatMap(ofEnd);
  if (reasons.length > 0) return reasons;
  const detail = `neither end runs as pods of a tier in environment "${environment}"`;
  const pointer = `#/flow/${flow.name}`;
  return [{ pointer, code: 'flow-without-tier', detail, value: flow.name, flow: flow.name }];
}

/** What stops many flows is one problem that names some of them. */
function grouped(reasons: readonly Reason[]): Problem[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const key = `${reason.pointer} ${reason.code}`;
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { flow: _, detail, ...problem } = first;
    const flows = [...new Set(group.map(({ flow }) => flow))];
    const more = flows.length > FLOWS_NAMED ? ` and ${flows.length - FLOWS_NAMED} more` : '';
    const named = flows.slice(0, FLOWS_NAMED).map((flow) => `"${flow}"`);
    const need = flows.length === 1 ? `flow ${named.join(', ')} needs` : `flows ${named.join(', ')}${more} need`;
    return [{ ...problem, detail: `${detail}: ${need} it` }];
  });
}

/**
 * A placement is written for the tier of the working model. Where that has a port or a label which the tier of the source lacks, the override
 * would change nothing, or something else: the tier was another one then.
 */
function overrideProblems({ source, target }: PromotionParts, promoted: readonly Flow[]): Problem[] {
  const ends = new Set(promoted.flatMap(({ from, to }) => [from, to].map((end) => ('tier' in end ? end.tier : ''))));
  const [then, now] = [source, target].map(({ tiers }) => new Map(tiers.map((tier) => [tierRef(tier), tier])));
  return target.placements.flatMap(({ application, tiers }) =>
    tiers.flatMap((override) => {
      const ref = `${application}/${override.tier}`;
      const [was, is] = [then?.get(ref), now?.get(ref)];
      return was && is && ends.has(ref) ? lackedBy(was, is, override, source.environment.name) : [];
    }),
  );
}

function lackedBy(was: Tier, is: Tier, { labels, ports }: TierPlacement, from: string): Problem[] {
  const at = `#/placement/${was.application}/${was.name}`;
  const where = `the placement of tier "${tierRef(was)}", as the promoted version of environment "${from}" has that tier,`;
  const portsOf = (tier: Tier): string[] => tier.ports.map(({ name }) => name);
  const keysOf = (tier: Tier): string[] => Object.keys(tier.podSelector.matchLabels ?? {});
  const lost = (names: readonly string[], of: (tier: Tier) => string[]): string[] =>
    names.filter((name) => of(is).includes(name) && !of(was).includes(name));
  return [
    ...lost(
      (ports ?? []).map(({ name }) => name),
      portsOf,
    ).map((name) => missing(`${at}/ports/${name}`, 'port', name, where, portsOf(was))),
    ...lost(Object.keys(labels ?? {}), keysOf).map((key) =>
      missing(`${at}/labels/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'label', key, where, keysOf(was)),
    ),
  ];
}

/** The model refuses tiers of which one selects the pods of another; tiers of then with placements of now may be such. */
function overlapProblems({ tiers }: PlacedTiers): Problem[] {
  const findings = podsByNamespace(tiers.values()).flatMap(([namespace, pods]) => findOverlaps(namespace, pods));
  const certain = findings.filter(({ code, severity }) => code === 'tiers-overlap' && severity === 'warning');
  return certain.map(({ path, message }) => ({ pointer: `#/${path}`, code: 'selector-overlap', detail: message }));
}
