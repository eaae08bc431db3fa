import { compareText } from '../errors.js';
import type { Finding } from '../finding.js';
import type { RulePeer } from './compiled.js';
import { finding } from './findings.js';
import { DEFAULT_DENY } from './name-tiers.js';
import type { PlacedTiers } from './place-tiers.js';
import type { ResolvedEnd, ResolvedFlow } from './resolve-flows.js';

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

/**
 * Peers of pods in a namespace with a default deny. A flow opens the tier's side only, so the peer's pods stay isolated by
 * `default-deny-all` until something outside the bundle opens their side, or they become a tier.
 * @example noticeIsolatedPeers(flows, new Set(['shop'])) // [{ code: 'peer-isolated', path: 'peer/users', ... }]
 */
export function noticeIsolatedPeers(flows: readonly ResolvedFlow[], denied: ReadonlySet<string>): Finding[] {
  const cases = new Map<string, { name: string; namespace: string; flows: string[] }>();
  for (const flow of flows) {
    for (const end of [flow.from, flow.to]) {
      const namespace = namespaceOfPods(end);
      if (end.peer === undefined || namespace === undefined || !denied.has(namespace)) continue;
      const key = `${end.peer.name} ${namespace}`;
      const known = cases.get(key);
      if (known === undefined) cases.set(key, { name: end.peer.name, namespace, flows: [flow.name] });
      else known.flows.push(flow.name);
    }
  }
  return [...cases.values()].map(({ name, namespace, flows: names }) => {
    const first = [...names].sort(compareText)[0] ?? '';
    const which = `flow "${first}"${names.length > 1 ? ` and ${names.length - 1} more` : ''}`;
    const message = `pods of peer "${name}" are isolated by ${DEFAULT_DENY} of namespace "${namespace}": ${which} opens the tier's side only; make them a tier, or open their side`;
    return finding('peer-isolated', `peer/${name}`, message);
  });
}

function namespaceOfPods(end: ResolvedEnd): string | undefined {
  const [first]: readonly RulePeer[] = end.seen === 'anywhere' ? [] : end.seen;
  return first?.kind === 'pods' && typeof first.namespaces === 'string' ? first.namespaces : undefined;
}
