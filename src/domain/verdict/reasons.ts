import { compareText } from '../errors.js';
import type { Direction } from '../evaluate/grants.js';
import { intersectPorts, isNoPorts, type PortSet } from '../evaluate/port-set.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import type { Flow } from '../model/entities.js';
import { declaredOf } from '../prove/declared/declared.js';
import type { DeclaredRule } from '../prove/declared/declared-tier.js';
import type { End } from '../prove/declared/ends.js';
import { portNumbers } from '../prove/port-numbers.js';
import { holdsPod } from '../prove/pods/pod-set.js';
import { partOfSnapshot } from './part-of-snapshot.js';
import type { Part } from './seen-end.js';
import type { VerdictIndex } from './verdict-index.js';

/** Facts of an environment's profile that open ports too. */
export type ProfileFact = 'dns' | 'monitoring';

/** What a tier declares of an end: by a flow or a fact of the profile, on these ports. */
export interface Declaration {
  readonly ports: PortSet;
  readonly flow: Flow | undefined;
  readonly fact: ProfileFact | undefined;
}

/** Where its labels say so: the tier whose object it is. */
export function tierOfObject({ metadata: { labels = {} } }: NetworkPolicy): string | undefined {
  const [application, tier] = [labels['sluice.dev/application'], labels['sluice.dev/tier']];
  return application === undefined || tier === undefined ? undefined : `${application}/${tier}`;
}

/**
 * All that a tier declares of an end in one direction, on whatever ports: the flows between the two, those with peers or with other
 * tiers that mean the end as well, and the profile. Read from the snapshot as the proof reads it.
 * @example declarations(index, 'shop/backend', 'ingress', [frontendPod])[0]?.flow?.name // 'frontend-to-backend'
 */
export function declarations(
  index: VerdictIndex,
  tier: string,
  direction: Direction,
  others: readonly Part[],
): readonly Declaration[] {
  const flows = new Map(candidates(index, tier, direction, others).map((flow) => [flow.name, flow]));
  const numbers = portNumbers();
  const part = partOfSnapshot(index, [...flows.values()], [{ tier }]);
  const declared = declaredOf(part, numbers).tiers.find(({ ref }) => ref === tier);
  return (declared?.rules[direction] ?? [])
    .filter(({ end }) => others.some((other) => means(end, other)))
    .map((rule) => declaration(rule, numbers.set(rule.ports), flows));
}

/** Those that let any of `ports` through: direct ones come first, as they were sorted by the caller; then by name. */
export function opening(all: readonly Declaration[], ports: PortSet): readonly Declaration[] {
  return all.filter((one) => !isNoPorts(intersectPorts(one.ports, ports)));
}

/** The names of the flows among declarations, each once, sorted. */
export function flowNames(all: readonly Declaration[]): string[] {
  return [...new Set(all.flatMap(({ flow }) => flow?.name ?? []))].sort(compareText);
}

function declaration({ source }: DeclaredRule, ports: PortSet, flows: ReadonlyMap<string, Flow>): Declaration {
  return source.kind === 'flow'
    ? { ports, flow: flows.get(source.flow), fact: undefined }
    : { ports, flow: undefined, fact: source.fact };
}

/** The flows of the tier that could mean any of these parts: with tiers that select the pod or are outside, and with any peer. */
function candidates(index: VerdictIndex, tier: string, direction: Direction, others: readonly Part[]): readonly Flow[] {
  const { byTier, withPeers } = index.flowsOf(tier, direction);
  const tiers = others.flatMap((other) =>
    other.kind === 'pod' ? index.tiersOf(other.namespace, other.labels) : index.outside,
  );
  return [...[...new Set(tiers)].flatMap((ref) => byTier.get(ref) ?? []), ...withPeers];
}

function means(end: End, part: Part): boolean {
  switch (end.kind) {
    case 'everyone':
      return true;
    case 'pods':
      return part.kind === 'pod' && holdsPod(end.pods, part.namespaceLabels, part.labels);
    case 'addresses':
      return (
        part.kind === 'range' &&
        end.addresses.ranges.some(
          ({ family, first, last }) =>
            family === part.range.family && first <= part.range.last && part.range.first <= last,
        )
      );
  }
}
