import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Flow } from '../../domain/model/entities.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { resourceResolver } from '../../platform/graphql/resource.resolver.js';
import { NetworkPolicyLoader } from '../bundle/network-policy.loader.js';
import { NetworkPolicyType } from '../bundle/network-policy.type.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { FlowEnd } from './flow-end.type.js';
import { FlowEndLoader } from './flow-end.loader.js';
import { shownPort, withRestPorts } from './flow-ports.js';
import { FlowInput, FlowPatch } from './flow.input.js';
import { FlowService } from './flow.service.js';
import { FlowPortType, FlowType } from './flow.type.js';

@Resolver(() => FlowType)
export class FlowResolver extends resourceResolver({
  name: 'Flow',
  type: FlowType,
  key: ['name'],
  filters: {
    environment: 'Flows that hold in this environment',
    application: 'Flows that start or end in this application',
    from: 'application/tier, or the name of a peer',
    to: 'application/tier, or the name of a peer',
    port: 'The name of a port, or a number',
  },
  inputs: { create: FlowInput, patch: FlowPatch },
}) {
  constructor(
    protected readonly service: FlowService,
    private readonly ends: FlowEndLoader,
    private readonly environmentsOf: EnvironmentLoader,
    private readonly policies: NetworkPolicyLoader,
  ) {
    super();
  }

  @ResolveField(() => [FlowPortType])
  ports(flow: Flow): object[] {
    return flow.ports.map(shownPort);
  }

  @ResolveField(() => FlowEnd, { description: 'Where it starts' })
  source(flow: Flow, _: unknown, gql: GraphQLContext) {
    return this.ends.load(gql, flow.from);
  }

  @ResolveField(() => FlowEnd, { description: 'Where it ends' })
  destination(flow: Flow, _: unknown, gql: GraphQLContext) {
    return this.ends.load(gql, flow.to);
  }

  @ResolveField(() => Boolean, { description: 'It holds in every environment, also in those that are yet to come' })
  everywhere(flow: Flow): boolean {
    return flow.environments === undefined;
  }

  @ResolveField(() => [EnvironmentType], { description: 'Where it holds' })
  environments({ environments }: Flow, _: unknown, gql: GraphQLContext) {
    return environments === undefined
      ? this.environmentsOf.all.load(gql, 'all')
      : this.environmentsOf.byName.loadMany(gql, environments);
  }

  @ResolveField(() => [NetworkPolicyType], {
    description:
      'What it became: the objects that hold it, in the latest version of each environment, or of the one named',
  })
  networkPolicies(
    @Parent() flow: Flow,
    @Args('environment', { type: () => String, nullable: true }) environment: string | null | undefined,
    @Context() gql: GraphQLContext,
  ) {
    return this.policies.ofFlow(gql, flow.name, environment ?? undefined);
  }

  protected override handIn<R>(input: unknown, write: (raw: unknown) => Promise<R>): Promise<R> {
    return withRestPorts(input, write);
  }
}
