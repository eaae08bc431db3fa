import { ResolveField, Resolver } from '@nestjs/graphql';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { FlowEndLoader } from '../flow/flow-end.loader.js';
import { FlowEnd } from '../flow/flow-end.type.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { AllowedConnectionType } from './connection.type.js';

/** What an old version allowed may have no object in the model any more: then it has only its name. */
@Resolver(() => AllowedConnectionType)
export class AllowedConnectionResolver {
  constructor(
    private readonly ends: FlowEndLoader,
    private readonly byName: FlowLoader,
  ) {}

  @ResolveField(() => FlowEnd, { nullable: true })
  source(connection: DeclaredConnection, _: unknown, gql: GraphQLContext) {
    return this.ends.load(gql, connection.from);
  }

  @ResolveField(() => FlowEnd, { nullable: true })
  destination(connection: DeclaredConnection, _: unknown, gql: GraphQLContext) {
    return this.ends.load(gql, connection.to);
  }

  @ResolveField(() => [String], { description: 'The names of the flows that allow it' })
  flowNames(connection: DeclaredConnection): readonly string[] {
    return connection.flows;
  }

  @ResolveField(() => [FlowType], { description: 'The flows that allow it, of those that still exist' })
  async flows(connection: DeclaredConnection, _: unknown, gql: GraphQLContext) {
    const flows = await this.byName.byName.loadMany(gql, connection.flows);
    return flows.filter((flow) => flow !== null);
  }
}
