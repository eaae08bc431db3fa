import { type Endpoint, type Peer, type Tier, tierRef } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { ModelObject } from '../../platform/graphql/model-object.js';
import { toOne } from '../../platform/graphql/relation.js';
import type { PeerStore } from '../../store/peer.store.js';
import type { Reads } from '../../store/reads.js';
import type { EndRow } from '../../store/relations.js';
import type { TierStore } from '../../store/tier.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** The objects at the ends of flows, tiers and peers in one round trip: a reference with a slash is a tier, one without a peer. */
export class FlowEndLoader {
  private readonly byReference;

  constructor(units: UnitOfWork, tiers: TierStore, peers: PeerStore) {
    this.byReference = toOne<Tier | Peer>(
      async (references, { ctx }) => {
        const read = (reads: Reads) => reads.related('end of flow', references);
        const rows = (await units.read(ctx.readFrom, read)) as EndRow[];
        return rows.map(({ kind, row }) => (kind === 'tier' ? tiers : peers).fromRow(row));
      },
      (end) => ('application' in end ? tierRef(end) : end.name),
    );
  }

  load(gql: GraphQLContext, end: Endpoint): Promise<ModelObject<Tier | Peer> | null> {
    return this.byReference.load(gql, 'tier' in end ? end.tier : end.peer);
  }
}
