import { compareText } from '../errors.js';
import { sortFindings } from '../finding.js';
import type { Snapshot } from '../model/snapshot.js';
import type { CompiledEnvironment, CompiledPolicy, Direction, TierPolicy } from './compiled.js';
import { DEFAULT_DENY, nameTiers, objectName } from './name-tiers.js';
import { noticeIdleTiers, noticeIsolatedPeers } from './notice.js';
import { findOverlaps } from './overlap.js';
import { placePeers } from './place-peers.js';
import { placeTiers, podsByNamespace, type TierOfPods } from './place-tiers.js';
import { resolveFlows } from './resolve-flows.js';
import { rulesOfTiers, type RulesOfTiers, type TierRules } from './rules-of-tiers.js';
import { simplify } from './simplify.js';

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/**
 * Takes all that an environment says and gives the policies that allow exactly that: for each namespace one a tier and direction, and
 * the default deny. The same snapshot gives the same result whatever the order of its lists. Refuses nothing: what cannot be compiled
 * is left out and is a finding.
 * @example compile(snapshot).policies.map((policy) => policy.name) // ['allow-web-egress', 'allow-web-ingress', 'default-deny-all']
 */
export function compile(snapshot: Snapshot): CompiledEnvironment {
  const { name: environment, profile } = snapshot.environment;
  const tiers = placeTiers(snapshot);
  const peers = placePeers(snapshot);
  const resolved = resolveFlows(snapshot, tiers, peers);
  const namespaces = podsByNamespace(tiers.tiers.values());
  const rules = rulesOfTiers(
    namespaces.flatMap(([, pods]) => pods),
    resolved.flows,
    profile,
  );
  const policies = namespaces.flatMap(([namespace, pods]) => policiesOf(namespace, pods, rules, profile.defaultDeny));
  const denied = new Set(profile.defaultDeny ? namespaces.map(([namespace]) => namespace) : []);
  const findings = sortFindings([
    ...tiers.findings,
    ...peers.findings,
    ...resolved.findings,
    ...noticeIdleTiers(tiers, resolved.flows),
    ...noticeIsolatedPeers(resolved.flows, profile, denied),
    ...namespaces.flatMap(([namespace, pods]) => findOverlaps(namespace, pods)),
  ]);
  return { environment, policies, findings };
}

function policiesOf(
  namespace: string,
  tiers: readonly TierOfPods[],
  rules: RulesOfTiers,
  defaultDeny: boolean,
): CompiledPolicy[] {
  const stems = nameTiers(tiers);
  const policies: CompiledPolicy[] = [];
  for (const tier of tiers) {
    for (const direction of DIRECTIONS) {
      const own = rules.get(tier)?.[direction];
      const name = objectName(stems.get(tier.ref) ?? tier.name, direction);
      // Without an inbound rule the default deny says it all; the egress object is always there, as DNS must stand in it.
      if (own !== undefined && (direction === 'egress' || own.rules.length > 0))
        policies.push(tierPolicy(tier, direction, name, own));
    }
  }
  if (defaultDeny) policies.push({ kind: 'default-deny', namespace, name: DEFAULT_DENY });
  return policies.sort((a, b) => compareText(a.name, b.name));
}

function tierPolicy(tier: TierOfPods, direction: Direction, name: string, { rules, flows }: TierRules): TierPolicy {
  const { namespace, application, name: tierName, podSelector } = tier;
  const names = [...new Set(flows)].sort(compareText);
  return {
    kind: 'tier',
    namespace,
    name,
    application,
    tier: tierName,
    direction,
    podSelector,
    rules: simplify(rules),
    flows: names,
  };
}
