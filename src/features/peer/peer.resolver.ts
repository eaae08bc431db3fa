import { ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { PeerInput, PeerPatch } from './peer.input.js';
import { PeerService } from './peer.service.js';
import { PeerType } from './peer.type.js';

@Resolver(() => PeerType)
export class PeerResolver extends resourceResolver({
  name: 'Peer',
  type: PeerType,
  key: ['name'],
  inputs: { create: PeerInput, patch: PeerPatch },
}) {
  constructor(
    protected readonly service: PeerService,
    private readonly ofPeers: FlowLoader,
  ) {
    super();
  }

  @ResolveField(() => [FlowType], { description: 'The flows that start or end here' })
  flows(peer: PeerType, _: unknown, gql: GraphQLContext) {
    return this.ofPeers.ofPeer.load(gql, peer.name);
  }
}
