import type { Flow } from '../../domain/model/entities.js';
import { toMany, toOne } from '../../platform/graphql/relation.js';
import type { FlowStore } from '../../store/flow.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class FlowLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly flows: FlowStore,
  ) {}

  readonly byName = toOne(
    (names) => this.flows.byNames(this.units.reader, names),
    (flow) => flow.name,
  );

  readonly fromTier = toMany(
    (refs) => this.flows.byFromTiers(this.units.reader, refs),
    ({ from }: Flow) => ('tier' in from ? [from.tier] : []),
  );

  readonly toTier = toMany(
    (refs) => this.flows.byToTiers(this.units.reader, refs),
    ({ to }: Flow) => ('tier' in to ? [to.tier] : []),
  );

  /** Flows that start or end at the peer. */
  readonly ofPeer = toMany(
    (peers) => this.flows.byPeers(this.units.reader, peers),
    ({ from, to }: Flow) => [from, to].flatMap((end) => ('peer' in end ? [end.peer] : [])),
  );
}
