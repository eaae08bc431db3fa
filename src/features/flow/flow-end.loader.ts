import type { Endpoint, Peer, Tier } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { ModelObject } from '../../platform/graphql/model-object.js';
import type { PeerLoader } from '../peer/peer.loader.js';
import type { TierLoader } from '../tier/tier.loader.js';

/** The object at the end of a flow. */
export class FlowEndLoader {
  constructor(
    private readonly tiers: TierLoader,
    private readonly peers: PeerLoader,
  ) {}

  load(gql: GraphQLContext, end: Endpoint): Promise<ModelObject<Tier> | ModelObject<Peer> | null> {
    return 'tier' in end ? this.tiers.byRef.load(gql, end.tier) : this.peers.byName.load(gql, end.peer);
  }
}
