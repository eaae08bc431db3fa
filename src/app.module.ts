import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AnalysisController } from './features/analysis/analysis.controller.js';
import { AnalysisService } from './features/analysis/analysis.service.js';
import { LintController } from './features/analysis/lint.controller.js';
import { ApplicationController } from './features/application/application.controller.js';
import { ApplicationLoader } from './features/application/application.loader.js';
import { ApplicationResolver } from './features/application/application.resolver.js';
import { ApplicationService } from './features/application/application.service.js';
import { AllowedConnectionResolver } from './features/bundle/allowed-connection.resolver.js';
import { AskedEditionLoader } from './features/bundle/asked-edition.loader.js';
import { AuthorshipLoader } from './features/bundle/authorship.loader.js';
import { BundleController } from './features/bundle/bundle.controller.js';
import { BundleLoader } from './features/bundle/bundle.loader.js';
import { BundleResolver } from './features/bundle/bundle.resolver.js';
import { BundleService } from './features/bundle/bundle.service.js';
import { EventController } from './features/bundle/event.controller.js';
import { EventService } from './features/bundle/event.service.js';
import { CandidateMaker } from './features/bundle/candidate.maker.js';
import { EditionLoader } from './features/bundle/edition.loader.js';
import { EditionWork } from './features/bundle/edition-work.js';
import { EnvironmentBundlesResolver } from './features/bundle/environment-bundles.resolver.js';
import { FlowChangeResolver } from './features/bundle/flow-change.resolver.js';
import { LongPoll } from './features/bundle/long-poll.js';
import { LookController } from './features/bundle/look.controller.js';
import { ModelAroundLoader } from './features/bundle/model-around.loader.js';
import { NamedVersionFinder } from './features/bundle/named-version.finder.js';
import { ManifestsController } from './features/bundle/manifests.controller.js';
import { NetworkPolicyLoader } from './features/bundle/network-policy.loader.js';
import { NetworkPolicyResolver } from './features/bundle/network-policy.resolver.js';
import { PlanController } from './features/bundle/plan.controller.js';
import { BundlePlanResolver, EnvironmentPlanResolver, PlanResolver } from './features/bundle/plan.resolver.js';
import { PlanService } from './features/bundle/plan.service.js';
import { PublishedResolver } from './features/bundle/published.resolver.js';
import { PreviewService } from './features/bundle/preview.service.js';
import { PublishResolver } from './features/bundle/publish.resolver.js';
import { PublishService } from './features/bundle/publish.service.js';
import { ReleaseController } from './features/bundle/release.controller.js';
import { ReleaseWriter } from './features/bundle/release.writer.js';
import { BundleReachResolver, EnvironmentReachResolver } from './features/bundle/reach.resolver.js';
import { PeerReachResolver, ReachEndResolver, TierReachResolver } from './features/bundle/reaches.resolver.js';
import { ReachController } from './features/bundle/reach.controller.js';
import { ReachService } from './features/bundle/reach.service.js';
import {
  VerdictFlowResolver,
  VerdictObjectResolver,
  VerdictResolver,
  VerdictRuleResolver,
} from './features/bundle/verdict.resolver.js';
import { ChangeController } from './features/change/change.controller.js';
import { ChangeResolver } from './features/change/change.resolver.js';
import { ChangeService } from './features/change/change.service.js';
import { DeploymentController } from './features/deployment/deployment.controller.js';
import { DeploymentLoader } from './features/deployment/deployment.loader.js';
import { DeploymentResolver, EnvironmentDeploymentsResolver } from './features/deployment/deployment.resolver.js';
import { DeploymentService } from './features/deployment/deployment.service.js';
import { EnvironmentController } from './features/environment/environment.controller.js';
import { EnvironmentLoader } from './features/environment/environment.loader.js';
import { EnvironmentResolver } from './features/environment/environment.resolver.js';
import { EnvironmentService } from './features/environment/environment.service.js';
import { FlowEndLoader } from './features/flow/flow-end.loader.js';
import { FlowController } from './features/flow/flow.controller.js';
import { FlowLoader } from './features/flow/flow.loader.js';
import { FlowResolver } from './features/flow/flow.resolver.js';
import { FlowService } from './features/flow/flow.service.js';
import { KeyController } from './features/key/key.controller.js';
import { RegistryController } from './features/registry/registry.controller.js';
import { RegistryService } from './features/registry/registry.service.js';
import { PeerController } from './features/peer/peer.controller.js';
import { PeerResolver } from './features/peer/peer.resolver.js';
import { PeerService } from './features/peer/peer.service.js';
import { PlacementController } from './features/placement/placement.controller.js';
import { PlacementLoader } from './features/placement/placement.loader.js';
import { PlacementResolver, TierPlacementResolver } from './features/placement/placement.resolver.js';
import { PlacementService } from './features/placement/placement.service.js';
import { Health } from './features/system/health.js';
import { RetentionController } from './features/retention/retention.controller.js';
import { RetentionResolver } from './features/retention/retention.resolver.js';
import { RetentionService } from './features/retention/retention.service.js';
import { SystemController } from './features/system/system.controller.js';
import { TagController } from './features/tag/tag.controller.js';
import { TagLoader } from './features/tag/tag.loader.js';
import { EnvironmentTagsResolver, TagResolver } from './features/tag/tag.resolver.js';
import { TagService } from './features/tag/tag.service.js';
import { TeamController } from './features/team/team.controller.js';
import { TeamLoader } from './features/team/team.loader.js';
import { TeamResolver } from './features/team/team.resolver.js';
import { TeamService } from './features/team/team.service.js';
import { TierController } from './features/tier/tier.controller.js';
import { TierLoader } from './features/tier/tier.loader.js';
import { TierResolver } from './features/tier/tier.resolver.js';
import { TierService } from './features/tier/tier.service.js';
import { TokenController } from './features/token/token.controller.js';
import { TokenResolver } from './features/token/token.resolver.js';
import { TokenService } from './features/token/token.service.js';
import { DeliveryController } from './features/webhook/delivery.controller.js';
import { DeliverySender } from './features/webhook/delivery.sender.js';
import { DeliveryService } from './features/webhook/delivery.service.js';
import { WebhookController } from './features/webhook/webhook.controller.js';
import { WebhookKeys } from './features/webhook/webhook-keys.js';
import { WebhookLoader } from './features/webhook/webhook.loader.js';
import { WebhookResolver } from './features/webhook/webhook.resolver.js';
import { WebhookService } from './features/webhook/webhook.service.js';
import type { RetentionRule } from './domain/retention.js';
import { ANALYSIS_LIMITS, type AnalysisLimits } from './platform/analysis-limits.js';
import { Authenticator } from './platform/auth/authenticator.js';
import { DEPLOYMENT_DAYS } from './platform/deployment-days.js';
import type { Report } from './platform/graphql/graphql-errors.js';
import { GraphQLDoor, type GraphQLDoorConfig } from './platform/graphql/graphql.driver.js';
import { NO_KEYS, SigningKeys } from './platform/keys/signing-keys.js';
import { EventStreams } from './platform/http/event-streams.js';
import { KeptAnswers } from './platform/http/kept-answers.js';
import { Metrics } from './platform/metrics/metrics.js';
import { NO_WEBHOOKS, type WebhookSettings } from './platform/webhook/webhook-settings.js';
import { Wheel } from './platform/wheel.js';
import { together } from './seeing/cache-tally.js';
import { Arrivals } from './store/arrivals.js';
import { ApplicationStore } from './store/application.store.js';
import { AuthorshipStore } from './store/authorship.store.js';
import { BundleCache } from './store/bundle.cache.js';
import { BundleStore } from './store/bundle.store.js';
import { ContentStore } from './store/content.store.js';
import { RegistryStore } from './store/registry.store.js';
import { ChangeStore } from './store/change.store.js';
import type { Database } from './store/database.js';
import { DELIVERIES_CHANNEL } from './store/deliveries-channel.js';
import { DeliveryStore } from './store/delivery.store.js';
import { DeploymentStore } from './store/deployment.store.js';
import { EnvironmentStore } from './store/environment.store.js';
import { FlowStore } from './store/flow.store.js';
import { NeighbourStore } from './store/neighbour.store.js';
import type { Notifications } from './store/notifications.js';
import { PeerStore } from './store/peer.store.js';
import { PlacementStore } from './store/placement.store.js';
import { ReadSources } from './store/reads.js';
import { RetentionStore } from './store/retention.store.js';
import { SnapshotStore } from './store/snapshot.store.js';
import { TagStore } from './store/tag.store.js';
import { TeamStore } from './store/team.store.js';
import { TierStore } from './store/tier.store.js';
import { TokenStore } from './store/token.store.js';
import { UnitOfWork } from './store/unit-of-work.js';
import { WebhookKeyStore } from './store/webhook-key.store.js';
import { WebhookStore } from './store/webhook.store.js';
import { WorkPool } from './work/work-pool.js';

/** What the process has opened before the application is made. */
export interface Resources {
  readonly database: Database;
  /** A standby for reads that say how new an answer must be. */
  readonly replica?: Database | undefined;
  readonly notifications: Notifications;
  readonly pool: WorkPool;
  /** Told of errors that clients do not see. */
  readonly report: Report;
  /** How much the analysis takes at a time, where it is not the default. */
  readonly analysis?: AnalysisLimits;
  /** After how many days a cluster that says nothing is taken to be gone, where it is not the default. */
  readonly deploymentDays?: number;
  /** Which versions retention keeps, where it is not told. */
  readonly retention?: RetentionRule;
  /** Where there are none, nothing is signed. */
  readonly keys?: SigningKeys;
  /** Where receivers may be, and what their secrets are sealed with. */
  readonly webhooks?: WebhookSettings;
  /** See Config.publicUrl. */
  readonly publicUrl?: string | undefined;
}

/** The only wiring file: stores, then services, then doors. Services are plain classes; only doors carry Nest's decorators. */
@Module({})
export class AppModule {
  static over(resources: Resources): DynamicModule {
    const own = [...stores(resources), ...services(resources), ...webhooks(resources)];
    const providers = [...own, ...LOADERS, ...RESOLVERS];
    const { report } = resources;
    const graphql = GraphQLModule.forRoot<GraphQLDoorConfig>({ driver: GraphQLDoor, report });
    return { module: AppModule, imports: [graphql], controllers: CONTROLLERS, providers };
  }
}

const CONTROLLERS = [
  TeamController,
  ApplicationController,
  TierController,
  PeerController,
  EnvironmentController,
  PlacementController,
  FlowController,
  BundleController,
  ReleaseController,
  ManifestsController,
  EventController,
  LookController,
  PlanController,
  ReachController,
  TagController,
  RetentionController,
  AnalysisController,
  LintController,
  DeploymentController,
  WebhookController,
  DeliveryController,
  TokenController,
  ChangeController,
  KeyController,
  RegistryController,
  SystemController,
];

const LOADERS = [
  make(TeamLoader, [UnitOfWork, TeamStore]),
  make(ApplicationLoader, [UnitOfWork, ApplicationStore]),
  make(TierLoader, [UnitOfWork, TierStore]),
  make(EnvironmentLoader, [UnitOfWork, EnvironmentStore]),
  make(PlacementLoader, [UnitOfWork, PlacementStore]),
  make(FlowLoader, [UnitOfWork, FlowStore]),
  make(FlowEndLoader, [UnitOfWork, TierStore, PeerStore]),
  make(BundleLoader, [UnitOfWork, BundleStore]),
  make(DeploymentLoader, [UnitOfWork, DeploymentStore]),
  make(NetworkPolicyLoader, [UnitOfWork, ContentStore, BundleLoader, EditionWork]),
  make(TagLoader, [UnitOfWork, TagStore]),
  make(WebhookLoader, [UnitOfWork, WebhookKeyStore, DeliveryStore]),
];

const RESOLVERS = [
  TeamResolver,
  ApplicationResolver,
  TierResolver,
  PeerResolver,
  EnvironmentResolver,
  PlacementResolver,
  TierPlacementResolver,
  FlowResolver,
  BundleResolver,
  PublishResolver,
  EnvironmentBundlesResolver,
  PublishedResolver,
  PlanResolver,
  BundlePlanResolver,
  EnvironmentPlanResolver,
  TagResolver,
  EnvironmentTagsResolver,
  RetentionResolver,
  AllowedConnectionResolver,
  EnvironmentReachResolver,
  BundleReachResolver,
  TierReachResolver,
  PeerReachResolver,
  ReachEndResolver,
  VerdictResolver,
  VerdictObjectResolver,
  VerdictRuleResolver,
  VerdictFlowResolver,
  NetworkPolicyResolver,
  FlowChangeResolver,
  DeploymentResolver,
  EnvironmentDeploymentsResolver,
  WebhookResolver,
  TokenResolver,
  ChangeResolver,
];

function stores({ database, replica, notifications, deploymentDays = DEPLOYMENT_DAYS }: Resources): Provider[] {
  const sources = new ReadSources(database, replica);
  const units = new UnitOfWork(database, sources);
  const [bundles, contents] = [new BundleStore(), new ContentStore()];
  const plain = [TeamStore, ApplicationStore, TierStore, PeerStore, EnvironmentStore, PlacementStore, FlowStore];
  const more = [NeighbourStore, SnapshotStore, ChangeStore, AuthorshipStore, TokenStore, TagStore, RetentionStore];
  const ofWebhooks = [WebhookStore, WebhookKeyStore, DeliveryStore];
  return [
    ...[...plain, ...more, ...ofWebhooks].map((store) => ({ provide: store, useClass: store })),
    { provide: ReadSources, useValue: sources },
    { provide: UnitOfWork, useValue: units },
    { provide: BundleStore, useValue: bundles },
    { provide: DeploymentStore, useValue: new DeploymentStore(deploymentDays) },
    { provide: ContentStore, useValue: contents },
    { provide: RegistryStore, useClass: RegistryStore },
    { provide: Arrivals, useValue: new Arrivals(database, notifications, bundles) },
    { provide: BundleCache, useValue: new BundleCache(database, notifications, bundles, contents) },
  ];
}

function services({
  database,
  notifications,
  pool,
  analysis = ANALYSIS_LIMITS,
  retention = {},
  keys = NO_KEYS,
  publicUrl,
}: Resources): Provider[] {
  return [
    { provide: SigningKeys, useValue: keys },
    { provide: WorkPool, useValue: pool },
    make(TeamService, [UnitOfWork, TeamStore]),
    make(ApplicationService, [UnitOfWork, ApplicationStore, TeamStore]),
    make(TierService, [UnitOfWork, TierStore, ApplicationStore, NeighbourStore]),
    make(PeerService, [UnitOfWork, PeerStore, EnvironmentStore]),
    make(EnvironmentService, [UnitOfWork, EnvironmentStore]),
    {
      provide: PlacementService,
      inject: [UnitOfWork, PlacementStore, EnvironmentStore, ApplicationStore, TierStore, NeighbourStore],
      useFactory: (
        units: UnitOfWork,
        placements: PlacementStore,
        environments: EnvironmentStore,
        applications: ApplicationStore,
        tiers: TierStore,
        neighbours: NeighbourStore,
      ) => new PlacementService(units, placements, { environments, applications, tiers, neighbours }),
    },
    {
      provide: FlowService,
      inject: [UnitOfWork, FlowStore, TierStore, PeerStore, EnvironmentStore, ApplicationStore],
      useFactory: (
        units: UnitOfWork,
        flows: FlowStore,
        tiers: TierStore,
        peers: PeerStore,
        environments: EnvironmentStore,
        applications: ApplicationStore,
      ) => new FlowService(units, flows, { tiers, peers, environments, applications }),
    },
    make(EditionWork, [WorkPool, UnitOfWork, SnapshotStore, BundleCache, ContentStore]),
    make(EditionLoader, [UnitOfWork, BundleStore, BundleCache, TagStore]),
    {
      provide: ReleaseWriter,
      inject: [RegistryStore, SigningKeys, DeliveryStore],
      useFactory: (registry: RegistryStore, keys: SigningKeys, deliveries: DeliveryStore) =>
        new ReleaseWriter(registry, keys, deliveries, publicUrl),
    },
    {
      provide: CandidateMaker,
      inject: [UnitOfWork, EditionWork, BundleStore, ContentStore, RegistryStore, SnapshotStore],
      useFactory: (
        units: UnitOfWork,
        work: EditionWork,
        bundles: BundleStore,
        contents: ContentStore,
        registry: RegistryStore,
        snapshots: SnapshotStore,
      ) => new CandidateMaker(units, { bundles, contents, registry, snapshots }, work),
    },
    make(NamedVersionFinder, [UnitOfWork, BundleStore, TagStore, EnvironmentStore]),
    make(PublishService, [UnitOfWork, BundleStore, NamedVersionFinder, CandidateMaker, ReleaseWriter]),
    make(PreviewService, [UnitOfWork, BundleStore, CandidateMaker, EditionWork]),
    make(BundleService, [UnitOfWork, BundleStore, BundleCache, EditionLoader, EditionWork, TagStore]),
    make(EventService, [UnitOfWork, BundleStore, BundleCache, EditionLoader, Arrivals]),
    { provide: Wheel, useClass: Wheel },
    make(LongPoll, [Arrivals, Wheel, Authenticator]),
    {
      provide: EventStreams,
      inject: [Authenticator, Wheel],
      useFactory: (authenticator: Authenticator, wheel: Wheel) => new EventStreams(authenticator, wheel),
    },
    make(RegistryService, [UnitOfWork, BundleCache, RegistryStore, TagStore]),
    make(PlanService, [EditionLoader, EditionWork]),
    make(AskedEditionLoader, [UnitOfWork, BundleStore, EditionLoader, EditionWork, TagStore]),
    make(TagService, [UnitOfWork, TagStore, EnvironmentStore, BundleStore]),
    {
      provide: RetentionService,
      inject: [UnitOfWork, RetentionStore, EnvironmentStore, BundleCache],
      useFactory: (units: UnitOfWork, store: RetentionStore, environments: EnvironmentStore, cache: BundleCache) =>
        new RetentionService(units, store, environments, cache, retention),
    },
    make(AuthorshipLoader, [UnitOfWork, AuthorshipStore]),
    make(ModelAroundLoader, [UnitOfWork, FlowStore]),
    make(ReachService, [AskedEditionLoader, AuthorshipLoader, ModelAroundLoader]),
    make(DeploymentService, [UnitOfWork, DeploymentStore]),
    make(ChangeService, [UnitOfWork, ChangeStore]),
    { provide: AnalysisService, useFactory: () => new AnalysisService(pool, analysis) },
    {
      provide: TokenService,
      inject: [UnitOfWork, TokenStore, EnvironmentStore, Authenticator],
      useFactory: (
        units: UnitOfWork,
        tokens: TokenStore,
        environments: EnvironmentStore,
        authenticator: Authenticator,
      ) => new TokenService(units, tokens, environments, (id) => authenticator.forget(id)),
    },
    {
      provide: Authenticator,
      inject: [TokenStore],
      useFactory: (tokens: TokenStore) => new Authenticator(database, tokens, notifications),
    },
    {
      provide: Metrics,
      inject: [Arrivals, BundleCache, Authenticator, AskedEditionLoader],
      useFactory: (arrivals: Arrivals, bundles: BundleCache, tokens: Authenticator, editions: AskedEditionLoader) =>
        new Metrics({
          ...{ database, notifications, arrivals, work: pool },
          caches: () => ({
            ...{ ...bundles.states, tokens: tokens.cache, parts: pool.cache('parts') },
            editions: together([editions.cache, pool.cache('editions')]),
          }),
        }),
    },
    make(KeptAnswers, [Authenticator, Metrics]),
    { provide: Health, useFactory: () => new Health(database, notifications) },
  ];
}

function webhooks({ database, notifications, report, webhooks: settings = NO_WEBHOOKS }: Resources): Provider[] {
  return [
    {
      provide: WebhookKeys,
      inject: [WebhookKeyStore],
      useFactory: (store: WebhookKeyStore) => new WebhookKeys(store, settings.box),
    },
    {
      provide: WebhookService,
      inject: [UnitOfWork, WebhookStore, EnvironmentStore, WebhookKeys],
      useFactory: (units: UnitOfWork, store: WebhookStore, environments: EnvironmentStore, keys: WebhookKeys) =>
        new WebhookService(units, store, environments, keys, settings.allow),
    },
    make(DeliveryService, [UnitOfWork, DeliveryStore, WebhookStore]),
    {
      provide: DeliverySender,
      inject: [DeliveryStore, WebhookKeys, WebhookService, Metrics],
      useFactory: (deliveries: DeliveryStore, keys: WebhookKeys, service: WebhookService, metrics: Metrics) => {
        const parts = { sql: database.sql, deliveries, keys, webhooks: service, metrics };
        const sender = new DeliverySender(parts, { ...settings, report });
        // Also once the process listens, for what was left over.
        notifications.on(DELIVERIES_CHANNEL, () => sender.wake());
        return sender;
      },
    },
  ];
}

/** A class whose constructor takes other providers, in this order. */
function make<C extends new (...args: never[]) => object>(
  type: C,
  inject: (abstract new (...args: never[]) => object)[],
): Provider {
  return { provide: type, inject, useFactory: (...args: unknown[]) => new type(...(args as never[])) };
}
