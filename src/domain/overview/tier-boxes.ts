import { compareText } from '../errors.js';
import { flowOrder } from './flow-order.js';
import { groupBy } from './group-by.js';
import type { Arrow, TierBox } from './overview-model.js';
import { blocksInWords } from './peer-boxes.js';
import type { TierHere } from './placed.js';
import { titleOf } from './plain.js';
import { joinPorts } from './port-lists.js';

/**
 * A box for each placed tier, in flow order: by layer, then by name. Tiers that no arrow touches come last.
 * @example tierBoxes(placed(snapshot).tiers, arrows).map((box) => box.name) // ['frontend', 'backend', 'database']
 */
export function tierBoxes(tiers: readonly TierHere[], arrows: readonly Arrow[]): TierBox[] {
  const layers = layersOf(tiers, arrows);
  const incoming = groupBy(arrows, ({ to }) => to);
  const single = new Set(tiers.map(({ tier }) => tier.application)).size < 2;
  const boxes = tiers.map(({ ref, tier, ports, outside }): TierBox => {
    const id = `tier ${ref}`;
    const reached = (incoming.get(id) ?? []).map((arrow) => arrow.ports);
    return {
      kind: 'tier',
      id,
      name: single ? tier.name : ref,
      application: tier.application,
      ...titleOf(tier),
      ports: joinPorts([ports, ...reached]),
      ...(outside && { outside: blocksInWords(outside) }),
      layer: layers.get(id) ?? 0,
    };
  });
  return boxes.sort((a, b) => a.layer - b.layer || compareText(a.id, b.id));
}

/** Only peers that call count: one that is called too would seem to close a circle, though nothing goes on from there. */
function layersOf(tiers: readonly TierHere[], arrows: readonly Arrow[]): ReadonlyMap<string, number> {
  const ids = tiers.map(({ ref }) => `tier ${ref}`);
  const edges = arrows
    .filter(({ to }) => to.startsWith('tier '))
    .sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
  const callers = new Set(edges.map(({ from }) => from).filter((id) => id.startsWith('peer ')));
  const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const { layer } = flowOrder([...callers, ...ids.filter((id) => touched.has(id))], edges, callers);
  const last = 1 + Math.max(-1, ...layer.values());
  return new Map(ids.map((id) => [id, layer.get(id) ?? last]));
}
