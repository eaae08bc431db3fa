import { ResolveField, Resolver } from '@nestjs/graphql';
import type { FlowChange } from '../../domain/diff/flows.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { FlowChangeType } from './changes.type.js';

@Resolver(() => FlowChangeType)
export class FlowChangeResolver {
  constructor(private readonly flows: FlowLoader) {}

  @ResolveField(() => String, { description: 'The name of the flow' })
  name(change: FlowChange): string {
    return change.flow;
  }

  @ResolveField(() => FlowType, { nullable: true, description: 'The flow, where it still exists' })
  flow(change: FlowChange, _: unknown, gql: GraphQLContext) {
    return this.flows.byName.load(gql, change.flow);
  }
}
