import type { World } from '../../evaluate/world.js';
import type { PortNumbers } from '../port-numbers.js';
import type { Declared } from '../declared/declared.js';
import type { Probes } from '../probes/probe.js';
import type { Compared, Difference } from '../proof.js';
import { firstDifferences } from './first-differences.js';
import { judgeOf } from './judge.js';
import type { Scope } from './scope.js';
import { differencesOf, sidesOf, type Sides } from './sides.js';

/** What the evaluator said of made-up clusters, against what is declared. */
export interface Asked {
  readonly differences: readonly Difference[];
  readonly count: number;
  readonly sizes: Pick<Compared, 'probes' | 'ranges' | 'pairs'>;
  readonly sides: Sides;
  /** Of each cluster, into which ranges its addresses were cut. */
  readonly ranges: readonly World['ranges'][];
}

/** Asks about the sides of one cluster. */
function ask(cluster: Probes, declared: Declared, scope: Scope, numbers: PortNumbers): Asked {
  const judge = judgeOf(scope, cluster, declared);
  const sides = sidesOf(declared, cluster, judge, numbers);
  const probes = cluster.pods.length;
  const ranges = judge.world.ranges.ingress.length + judge.world.ranges.egress.length;
  const sizes = { probes, ranges, pairs: probes * (2 * probes + ranges) };
  const found = firstDifferences(differencesOf(sides, scope.asks), sides);
  return { ...found, sizes, sides, ranges: [judge.world.ranges] };
}

/**
 * Asks about the clusters one after the other, and stops at the first one with a difference. The sizes are those of all that were
 * asked; the sides are those of the last.
 */
export function askAll(clusters: readonly Probes[], declared: Declared, scope: Scope, numbers: PortNumbers): Asked {
  const [first = { namespaces: [], pods: [] }, ...others] = clusters;
  let asked = ask(first, declared, scope, numbers);
  for (const cluster of others) {
    if (asked.count > 0) break;
    asked = together(asked, ask(cluster, declared, scope, numbers));
  }
  return asked;
}

function together({ sizes, ranges: before }: Asked, next: Asked): Asked {
  const { probes, ranges, pairs } = next.sizes;
  return {
    ...next,
    ranges: [...before, ...next.ranges],
    sizes: { probes: sizes.probes + probes, ranges: Math.max(sizes.ranges, ranges), pairs: sizes.pairs + pairs },
  };
}
