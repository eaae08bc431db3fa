import type { DnsProfile, MonitoringProfile, Profile } from '../model/entities.js';
import { addresses } from './addresses.js';
import type { Direction, PortSet, Reach, Rule, TierOfPods, TierRules } from './compiled.js';
import { portSet } from './port-sets.js';
import type { ResolvedFlow } from './resolve-flows.js';
import { canonicalSelector, podsPeer } from './selectors.js';

export type RulesOfTiers = ReadonlyMap<TierOfPods, Record<Direction, TierRules>>;

/**
 * The rules of every tier of pods: each flow at both of its ends, and what the profile adds: DNS to egress, monitoring to ingress.
 * @example rulesOfTiers(tiers, flows, profile).get(frontend)?.egress.rules.length // its outbound flows and DNS
 */
export function rulesOfTiers(
  tiers: readonly TierOfPods[],
  flows: readonly ResolvedFlow[],
  profile: Profile,
): RulesOfTiers {
  const rules = new Map(tiers.map((tier) => [tier, noRules()]));
  addFlows(rules, flows);
  addDns(rules, profile.dns);
  addMonitoring(rules, profile.monitoring);
  return rules;
}

/** Of a tier that nothing was gathered for yet. */
export function noRules(): Record<Direction, TierRules> {
  return { ingress: { rules: [], flows: [] }, egress: { rules: [], flows: [] } };
}

function addFlows(rules: RulesOfTiers, flows: readonly ResolvedFlow[]): void {
  const add = (tier: TierOfPods | undefined, direction: Direction, peers: Reach, flow: ResolvedFlow): void => {
    const own = tier && rules.get(tier)?.[direction];
    own?.rules.push({ peers, ports: flow.ports });
    own?.flows.push(flow.name);
  };
  for (const flow of flows) {
    add(flow.from.tier, 'egress', flow.to.seen, flow);
    add(flow.to.tier, 'ingress', flow.from.seen, flow);
  }
}

/**
 * DNS stands in the egress object of each tier and not in one of its own: an object isolates the pods it selects from the moment it is
 * there, so with two of them each would cut what only the other allows.
 */
function addDns(rules: RulesOfTiers, dns: DnsProfile | null): void {
  if (dns === null || dns.ports.length === 0) return;
  const pods = podsPeer(dns.namespaceSelector, canonicalSelector(dns.podSelector));
  const caches = addresses((dns.nodeLocalCidrs ?? []).map((cidr) => ({ cidr }))).blocks;
  const rule: Rule = { peers: [pods, ...caches], ports: portSet(dns.ports) };
  for (const own of rules.values()) own.egress.rules.push(rule);
}

function addMonitoring(rules: RulesOfTiers, monitoring: MonitoringProfile | null): void {
  if (monitoring === null) return;
  const peers = [podsPeer(monitoring.namespaceSelector, canonicalSelector(monitoring.podSelector))];
  for (const [tier, own] of rules) {
    const ports = watchedPorts(tier, monitoring);
    if (ports.ranges.length > 0) own.ingress.rules.push({ peers, ports });
  }
}

function watchedPorts(tier: TierOfPods, monitoring: MonitoringProfile): PortSet {
  return portSet(tier.ports.filter((port) => monitoring.portNames.includes(port.name)));
}
