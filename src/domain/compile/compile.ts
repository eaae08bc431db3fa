import { compareText } from '../errors.js';
import { sortFindings } from '../finding.js';
import type { Snapshot } from '../model/snapshot.js';
import type {
  CompiledEnvironment,
  CompiledPolicy,
  Direction,
  NamespaceSource,
  SourceTier,
  TierOfPods,
  TierPolicy,
  TierRules,
} from './compiled.js';
import { DEFAULT_DENY, nameTiers, objectName } from './name-tiers.js';
import { noticeIdleTiers, noticeIsolatedPeers } from './notice.js';
import { findOverlaps } from './overlap.js';
import { placePeers } from './place-peers.js';
import { placeTiers, podsByNamespace } from './place-tiers.js';
import { resolveFlows } from './resolve-flows.js';
import { noRules, rulesOfTiers, type RulesOfTiers } from './rules-of-tiers.js';
import { simplify } from './simplify.js';
import { takeOverFrom } from './take-over.js';

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/**
 * Takes all that an environment says and gives the policies that allow exactly that: for each namespace one a tier and direction, and
 * the default deny. The same snapshot gives the same result whatever the order of its lists, and with an earlier result at hand the same as
 * without: of that, the policies of namespaces are taken over (by identity) that were made of the same. Refuses nothing: what cannot be compiled
 * is left out and is a finding.
 * @example compile(snapshot).policies.map((policy) => policy.name) // ['allow-web-egress', 'allow-web-ingress', 'default-deny-all']
 */
export function compile(snapshot: Snapshot, earlier?: Pick<CompiledEnvironment, 'namespaces'>): CompiledEnvironment {
  const { name: environment, profile } = snapshot.environment;
  const tiers = placeTiers(snapshot);
  const peers = placePeers(snapshot);
  const resolved = resolveFlows(snapshot, tiers, peers);
  const pods = podsByNamespace(tiers.tiers.values());
  const rules = rulesOfTiers(
    pods.flatMap(([, own]) => own),
    resolved.flows,
    profile,
  );
  const takeOver = takeOverFrom(earlier);
  const namespaces = pods.map(([namespace, own]) => {
    const source = { namespace, defaultDeny: profile.defaultDeny, tiers: own.map((tier) => sourceTier(tier, rules)) };
    return { source, policies: takeOver(source) ?? policiesOf(source) };
  });
  const denied = new Set(profile.defaultDeny ? pods.map(([namespace]) => namespace) : []);
  const findings = sortFindings([
    ...tiers.findings,
    ...peers.findings,
    ...resolved.findings,
    ...noticeIdleTiers(tiers, resolved.flows),
    ...noticeIsolatedPeers(resolved.flows, profile, denied),
    ...pods.flatMap(([namespace, own]) => findOverlaps(namespace, own)),
  ]);
  return { environment, namespaces, policies: namespaces.flatMap(({ policies }) => policies), findings };
}

function sourceTier(tier: TierOfPods, rules: RulesOfTiers): SourceTier {
  return { tier, rules: rules.get(tier) ?? noRules() };
}

function policiesOf({ namespace, tiers, defaultDeny }: NamespaceSource): readonly CompiledPolicy[] {
  const stems = nameTiers(tiers.map(({ tier }) => tier));
  const policies: CompiledPolicy[] = [];
  for (const { tier, rules } of tiers) {
    for (const direction of DIRECTIONS) {
      const own = rules[direction];
      const name = objectName(stems.get(tier.ref) ?? tier.name, direction);
      // Without an inbound rule the default deny says it all; the egress object is always there, as DNS must stand in it.
      if (direction === 'egress' || own.rules.length > 0) policies.push(tierPolicy(tier, direction, name, own));
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
