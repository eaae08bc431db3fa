import type { CidrBlock } from './cidr.js';
import type { Tier, TierPlacement } from './entities.js';
import type { NamedPort } from './ports.js';
import type { LabelSelector } from './selector.js';

/** A tier as an environment has it: the placement's labels and port numbers laid over its own. `outside` is empty for a tier of pods. */
export interface PlacedAs {
  readonly podSelector: LabelSelector;
  readonly ports: readonly NamedPort[];
  readonly outside: readonly CidrBlock[];
}

/**
 * Takes a tier and what its placement says of it, if anything.
 * @example placeAs({ ports: [http80] }, { tier: 'web', ports: [http8080] }).ports // [http8080]
 */
export function placeAs(tier: Pick<Tier, 'podSelector' | 'ports'>, override: TierPlacement | undefined): PlacedAs {
  const { podSelector, ports } = tier;
  const numbers = new Map((override?.ports ?? []).map((port) => [port.name, port]));
  return {
    podSelector:
      override?.labels === undefined
        ? podSelector
        : { ...podSelector, matchLabels: { ...podSelector.matchLabels, ...override.labels } },
    ports: ports.map((port) => numbers.get(port.name) ?? port),
    outside: override?.outside ?? [],
  };
}
