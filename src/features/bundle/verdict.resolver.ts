import { Int, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { ChangeType } from '../change/change.type.js';
import { EnvironmentLoader } from '../environment/environment.loader.js';
import { EnvironmentType } from '../environment/environment.type.js';
import { FlowEndLoader } from '../flow/flow-end.loader.js';
import { FlowEnd } from '../flow/flow-end.type.js';
import { FlowLoader } from '../flow/flow.loader.js';
import { FlowType } from '../flow/flow.type.js';
import { AuthorshipLoader } from './authorship.loader.js';
import { BundleType } from './bundle.type.js';
import { ModelAroundLoader } from './model-around.loader.js';
import { NetworkPolicyLoader } from './network-policy.loader.js';
import { NetworkPolicyType } from './network-policy.type.js';
import { ReachService, type Sources, type Told } from './reach.service.js';
import type { VerdictFlowNode, VerdictNode, VerdictObjectNode, VerdictRuleNode } from './verdict-node.js';
import { MendType, VerdictFlowType, VerdictObjectType, VerdictRuleType, VerdictType } from './verdict.type.js';

/** From a verdict to the objects that it is about, and all there is to tell of it. */
@Resolver(() => VerdictType)
export class VerdictResolver {
  /** Mends and sentences of one verdict are told together. */
  private readonly told = new WeakMap<VerdictNode, Promise<Told>>();

  constructor(
    private readonly reach: ReachService,
    private readonly environments: EnvironmentLoader,
    private readonly ends: FlowEndLoader,
    private readonly authorship: AuthorshipLoader,
    private readonly model: ModelAroundLoader,
  ) {}

  @ResolveField(() => EnvironmentType, { description: 'Where it was asked about' })
  environment({ judged }: VerdictNode, _: unknown, gql: GraphQLContext) {
    return this.environments.byName.load(gql, judged.at.environment);
  }

  @ResolveField(() => BundleType, { nullable: true, description: 'The version it is of; not there for a draft' })
  bundle({ judged }: VerdictNode) {
    return judged.at.bundle;
  }

  @ResolveField(() => FlowEnd, { nullable: true, description: 'Not there for addresses' })
  source({ source }: VerdictNode, _: unknown, gql: GraphQLContext) {
    return source && this.ends.load(gql, source);
  }

  @ResolveField(() => FlowEnd, { nullable: true, description: 'Not there for addresses' })
  destination({ destination }: VerdictNode, _: unknown, gql: GraphQLContext) {
    return destination && this.ends.load(gql, destination);
  }

  @ResolveField(() => [MendType], { description: 'The smallest change that would allow it, in order' })
  async mends(verdict: VerdictNode, _: unknown, gql: GraphQLContext) {
    return (await this.tell(verdict, gql)).mends;
  }

  @ResolveField(() => [String], { description: 'The verdict in words' })
  async sentences(verdict: VerdictNode, _: unknown, gql: GraphQLContext) {
    return (await this.tell(verdict, gql)).sentences;
  }

  private tell(verdict: VerdictNode, gql: GraphQLContext): Promise<Told> {
    const known = this.told.get(verdict) ?? this.reach.tell(verdict.judged, this.sources(gql));
    this.told.set(verdict, known);
    return known;
  }

  private sources(gql: GraphQLContext): Sources {
    return {
      authorsOf: async (at, flows) => {
        const authors = await Promise.all(flows.map((flow) => this.authorship.load(gql, at, flow)));
        return new Map(flows.map((flow, place) => [flow, authors[place] ?? {}]));
      },
      around: (verdict) => this.model.load(gql, verdict),
    };
  }
}

@Resolver(() => VerdictObjectType)
export class VerdictObjectResolver {
  constructor(private readonly policies: NetworkPolicyLoader) {}

  @ResolveField(() => NetworkPolicyType, {
    nullable: true,
    description: 'The object as it was published; not there for a draft',
  })
  async networkPolicy({ at, namespace, name }: VerdictObjectNode, _: unknown, gql: GraphQLContext) {
    if (at.bundle === undefined) return null;
    return (await this.policies.named(gql, at.bundle, { namespace, name })) ?? null;
  }
}

@Resolver(() => VerdictRuleType)
export class VerdictRuleResolver {
  constructor(private readonly byName: FlowLoader) {}

  @ResolveField(() => [FlowType], { description: 'The flows that it came from, of those that still exist' })
  async flows({ flowNames }: VerdictRuleNode, _: unknown, gql: GraphQLContext) {
    const flows = await this.byName.byName.loadMany(gql, flowNames);
    return flows.filter((flow) => flow !== null);
  }
}

@Resolver(() => VerdictFlowType)
export class VerdictFlowResolver {
  constructor(
    private readonly authorship: AuthorshipLoader,
    private readonly byName: FlowLoader,
  ) {}

  @ResolveField(() => FlowType, { nullable: true, description: 'As it is now, if it still exists' })
  flow({ name }: VerdictFlowNode, _: unknown, gql: GraphQLContext) {
    return this.byName.byName.load(gql, name);
  }

  @ResolveField(() => ChangeType, { nullable: true, description: 'Who declared it, when and why' })
  async declared({ at, name }: VerdictFlowNode, _: unknown, gql: GraphQLContext) {
    return (await this.authorship.load(gql, at, name)).declared;
  }

  @ResolveField(() => ChangeType, { nullable: true, description: 'The last change since, where there was one' })
  async changed({ at, name }: VerdictFlowNode, _: unknown, gql: GraphQLContext) {
    return (await this.authorship.load(gql, at, name)).changed;
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: 'The first version that has it as it stands here; not there where none has',
  })
  async publishedSince({ at, name }: VerdictFlowNode, _: unknown, gql: GraphQLContext) {
    return (await this.authorship.load(gql, at, name)).since;
  }
}
