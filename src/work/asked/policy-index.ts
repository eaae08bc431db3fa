import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import { FLOWS } from '../../domain/render/render.js';

/** What an object of a bundle says of itself, in its labels and annotations. */
export interface PolicyEntry {
  readonly namespace: string;
  readonly name: string;
  /** Not there for the default deny, which rules both. */
  readonly direction: 'ingress' | 'egress' | undefined;
  readonly application: string | undefined;
  readonly tier: string | undefined;
  readonly flowNames: readonly string[];
}

/** The objects of a bundle, and which of them hold which flow. */
export interface PolicyIndex {
  readonly entries: readonly PolicyEntry[];
  readonly byFlow: ReadonlyMap<string, readonly PolicyEntry[]>;
}

/**
 * Takes the objects of a bundle as they were published.
 * @example indexPolicies(policies).byFlow.get('web-to-api') // [{ namespace: 'shop', name: 'allow-api-ingress', ... }, ...]
 */
export function indexPolicies(policies: readonly NetworkPolicy[]): PolicyIndex {
  const entries = policies.map(entryOf);
  const byFlow = new Map<string, PolicyEntry[]>();
  for (const entry of entries) {
    for (const flow of entry.flowNames) {
      const known = byFlow.get(flow);
      if (known === undefined) byFlow.set(flow, [entry]);
      else known.push(entry);
    }
  }
  return { entries, byFlow };
}

/** The object of that name, if there is one. */
export function objectNamed(
  { entries }: PolicyIndex,
  { namespace, name }: Pick<PolicyEntry, 'namespace' | 'name'>,
): PolicyEntry | undefined {
  return entries.find((entry) => entry.namespace === namespace && entry.name === name);
}

function entryOf({ metadata, spec }: NetworkPolicy): PolicyEntry {
  const { namespace, name, labels = {}, annotations = {} } = metadata;
  const [type, ...more] = spec.policyTypes;
  const flows = annotations[FLOWS];
  return {
    namespace,
    name,
    direction: more.length > 0 ? undefined : type === 'Ingress' ? 'ingress' : 'egress',
    application: labels['sluice.dev/application'],
    tier: labels['sluice.dev/tier'],
    flowNames: flows === undefined ? [] : flows.split(','),
  };
}
