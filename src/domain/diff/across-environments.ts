import type { Peer, Placement } from '../model/entities.js';
import type { Snapshot } from '../model/snapshot.js';

/**
 * What `before` says, as if it were said in the environment of `after`: its name, and the namespaces that the applications have there.
 * That two environments use other namespaces is no difference in who may talk to whom, and this leaves it out of a diff; what the
 * placements, profiles, peers and flows say otherwise stays as it is.
 * @example diffFlows(asIfIn(dev, prod), prod) // without a change for each flow whose tiers are in `shop-prod` instead of `shop-dev`
 */
export function asIfIn(before: Snapshot, after: Snapshot): Snapshot {
  const from = before.environment.name;
  const name = after.environment.name;
  const namespaces = new Map(after.placements.map((placement) => [placement.application, placement.namespace]));
  return {
    ...before,
    environment: { ...before.environment, name },
    placements: before.placements.map((placement) => movedTo(placement, name, namespaces.get(placement.application))),
    peers: before.peers.map((peer) => onlyIn(peer, from)),
    flows: before.flows
      .filter((flow) => flow.environments?.includes(from) ?? true)
      .map(({ environments: _, ...flow }) => flow),
  };
}

function movedTo(placement: Placement, environment: string, namespace: string | undefined): Placement {
  return { ...placement, environment, namespace: namespace ?? placement.namespace };
}

/** The blocks that hold in the environment, which now hold wherever the snapshot is. */
function onlyIn(peer: Peer, environment: string): Peer {
  if (peer.kind !== 'cidr') return peer;
  const here = peer.blocks.filter((block) => block.environments?.includes(environment) ?? true);
  return { ...peer, blocks: here.map(({ environments: _, ...block }) => block) };
}
