import { compareText } from '../errors.js';
import type { Finding } from '../finding.js';
import type { Profile } from '../model/entities.js';
import type { Reach, RulePeer } from './compiled.js';
import { finding } from './findings.js';
import { DEFAULT_DENY } from './name-tiers.js';
import type { PlacedTiers } from './place-tiers.js';
import type { ResolvedFlow } from './resolve-flows.js';
import { podsPeer } from './selectors.js';

/**
 * Placed tiers that no rendered flow touches: forgotten, or waiting for their first flow.
 * @example noticeIdleTiers(placed, flows) // [{ code: 'tier-without-flows', path: 'tier/shop/cron', ... }]
 */
export function noticeIdleTiers({ tiers }: PlacedTiers, flows: readonly ResolvedFlow[]): Finding[] {
  const touched = new Set(flows.flatMap((flow) => [flow.from.text, flow.to.text]));
  const idle = [...tiers.values()].filter((tier) => !touched.has(`tier "${tier.ref}"`));
  return idle.map((tier) =>
    finding('tier-without-flows', `tier/${tier.ref}`, `tier "${tier.ref}" is placed, but no flow starts or ends at it`),
  );
}

/** Pods that no tier stands for, by name of a peer or part of the profile, and the flows that count on them. */
interface Isolated {
  readonly path: string;
  readonly who: string;
  readonly namespace: string;
  readonly flows: string[];
}

/**
 * Pods of peers, DNS or monitoring in a namespace with a default deny. A bundle opens the tier's side only, so these pods stay isolated
 * by `default-deny-all` until something outside the bundle opens their side, or they become a tier.
 * @example noticeIsolatedPeers(flows, profile, new Set(['shop'])) // [{ code: 'peer-isolated', path: 'peer/users', ... }]
 */
export function noticeIsolatedPeers(
  flows: readonly ResolvedFlow[],
  profile: Profile,
  denied: ReadonlySet<string>,
): Finding[] {
  const cases = new Map<string, Isolated>();
  const add = (path: string, who: string, reach: Reach, flow?: string): void => {
    const namespace = namespaceOfPods(reach);
    if (namespace === undefined || !denied.has(namespace)) return;
    const known = cases.get(`${path} ${namespace}`) ?? { path, who, namespace, flows: [] };
    cases.set(`${path} ${namespace}`, known);
    if (flow !== undefined) known.flows.push(flow);
  };
  for (const flow of flows) {
    for (const { peer, seen } of [flow.from, flow.to]) {
      if (peer !== undefined) add(`peer/${peer.name}`, `peer "${peer.name}"`, seen, flow.name);
    }
  }
  const { dns, monitoring } = profile;
  if (dns !== null) add('profile/dns', 'DNS', [podsPeer(dns.namespaceSelector, dns.podSelector)]);
  if (monitoring !== null)
    add('profile/monitoring', 'monitoring', [podsPeer(monitoring.namespaceSelector, monitoring.podSelector)]);
  return [...cases.values()].map(isolatedFinding);
}

function isolatedFinding({ path, who, namespace, flows }: Isolated): Finding {
  const first = [...flows].sort(compareText)[0];
  const counted =
    first === undefined ? '' : ` (flow "${first}"${flows.length > 1 ? ` and ${flows.length - 1} more` : ''})`;
  const message = `pods of ${who} stand under ${DEFAULT_DENY} of namespace "${namespace}", and the objects of tiers open the tiers' side only${counted}: make them a tier, or open their side`;
  return finding('peer-isolated', path, message);
}

function namespaceOfPods(reach: Reach): string | undefined {
  const [first]: readonly RulePeer[] = reach === 'anywhere' ? [] : reach;
  return first?.kind === 'pods' && typeof first.namespaces === 'string' ? first.namespaces : undefined;
}
