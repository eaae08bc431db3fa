import type { Declared } from '../declared/declared.js';
import type { PortNumbers } from '../port-numbers.js';
import type { Probes } from '../probes/probe.js';
import type { Held } from '../proved.js';
import { sameList } from '../spaces/same-tiers.js';
import type { Spaces } from '../spaces/space.js';
import { type Asked, askAll } from './ask.js';
import { sameCluster, sameRanges } from './same-cluster.js';
import { changedNamespaces, everyNamespace } from './scope.js';

/**
 * Asks about the namespaces that are not as they were when all was found equal: of the others each question was asked, and answered. What is asked of
 * depends on the clusters and on the ranges of addresses too: where any of those is another one, and where something is found, all are asked.
 */
export function askAgain(
  clusters: readonly Probes[],
  declared: Declared,
  spaces: Spaces,
  numbers: PortNumbers,
  held: Partial<Held>,
): Asked {
  if (held.clusters !== undefined && sameList(held.clusters, clusters, sameCluster)) {
    const asked = askAll(clusters, declared, changedNamespaces(spaces), numbers);
    if (asked.count === 0 && sameList(held.ranges ?? [], asked.ranges, sameRanges)) return asked;
  }
  return askAll(clusters, declared, everyNamespace(spaces), numbers);
}
