import { compareText, type Problem } from '../../domain/errors.js';
import { type Flow, type Tier, tierRef } from '../../domain/model/entities.js';
import { flowProblems } from '../../domain/validate/flow.js';
import type { ReadableLists } from '../../domain/validate/readable-lists.js';
import { unknownName } from '../../platform/resource/filter-name.js';
import { ResourceService } from '../../platform/resource/resource.service.js';
import { flowSchema } from '../../schema/flow.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { FlowStore } from '../../store/flow.store.js';
import type { Filter } from '../../store/model-store.js';
import type { PeerStore } from '../../store/peer.store.js';
import type { TierStore } from '../../store/tier.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** The stores whose objects a flow refers to. */
export interface FlowReferences {
  readonly tiers: TierStore;
  readonly peers: PeerStore;
  readonly environments: EnvironmentStore;
  readonly applications: ApplicationStore;
}

export class FlowService extends ResourceService<Flow> {
  constructor(
    units: UnitOfWork,
    private readonly flows: FlowStore,
    private readonly references: FlowReferences,
  ) {
    super({ kind: 'flow', schema: flowSchema, keyFields: ['name'] }, flows, units);
  }

  protected override asStored(flow: Flow): Flow {
    return flow.environments === undefined ? flow : { ...flow, environments: [...flow.environments].sort(compareText) };
  }

  protected async rules(
    db: Db,
    parts: Partial<Flow>,
    _standing: Flow | undefined,
    lists: ReadableLists<Flow>,
  ): Promise<Problem[]> {
    const { from, to } = parts;
    return flowProblems({
      name: parts.name ?? '',
      flow: parts,
      lists,
      tiers: await this.tiersNear(db, parts),
      peers: await this.peersNamed(db, parts),
      environments: await this.environmentsNamed(db, lists.environments ?? []),
      sameEnds:
        from === undefined || to === undefined
          ? []
          : (await this.flows.between(db, from, to)).map((flow) => flow.value),
    });
  }

  protected override async filterProblems(db: Db, filter: Filter): Promise<Problem[]> {
    const { environments, applications } = this.references;
    const problems = Object.entries(filter).map(async ([parameter, value]) => {
      const name = String(value);
      const named = { parameter, kind: parameter, name, key: { name }, nameOf: (one: { name: string }) => one.name };
      switch (parameter) {
        case 'environment':
          return unknownName(db, { ...named, store: environments });
        case 'application':
          return unknownName(db, { ...named, store: applications });
        case 'from':
        case 'to':
          return this.unknownEnd(db, parameter, name);
        default: // a port is not a thing of its own
          return [];
      }
    });
    return (await Promise.all(problems)).flat();
  }

  /** A reference with a slash is a tier, one without a peer. */
  private unknownEnd(db: Db, parameter: string, name: string): Promise<Problem[]> {
    const { tiers, peers } = this.references;
    const slash = name.indexOf('/');
    if (slash < 0)
      return unknownName(db, {
        parameter,
        kind: 'peer',
        name,
        key: { name },
        store: peers,
        nameOf: (peer) => peer.name,
      });
    const within = { application: name.slice(0, slash) };
    const key = { ...within, name: name.slice(slash + 1) };
    return unknownName(db, { parameter, kind: 'tier', name, key, within, store: tiers, nameOf: tierRef });
  }

  /** The tiers of the applications that the ends name: to find the ends, and to say what else there is. */
  private async tiersNear(db: Db, { from, to }: Partial<Flow>): Promise<ReadonlyMap<string, Tier>> {
    const refs = [from, to].flatMap((end) => (end !== undefined && 'tier' in end ? [end.tier] : []));
    if (refs.length === 0) return new Map();
    const exact = await this.references.tiers.byRefs(db, refs);
    const known = new Map(exact.map((tier) => [tierRef(tier.value), tier.value]));
    if (known.size === new Set(refs).size) return known;
    const applications = refs.map((ref) => ref.slice(0, ref.indexOf('/')));
    return new Map(
      (await this.references.tiers.byApplications(db, applications)).map((tier) => [tierRef(tier.value), tier.value]),
    );
  }

  private async peersNamed(db: Db, { from, to }: Partial<Flow>): Promise<ReadonlySet<string>> {
    const names = [from, to].flatMap((end) => (end !== undefined && 'peer' in end ? [end.peer] : []));
    if (names.length === 0) return new Set();
    return new Set((await this.references.peers.byNames(db, names)).map((peer) => peer.value.name));
  }

  private async environmentsNamed(db: Db, names: readonly (string | undefined)[]): Promise<ReadonlySet<string>> {
    const readable = names.filter((name) => name !== undefined);
    if (readable.length === 0) return new Set();
    const found = await this.references.environments.byNames(db, readable);
    return new Set(found.map((environment) => environment.value.name));
  }
}
