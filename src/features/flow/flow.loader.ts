import { reading, toMany, toOne } from '../../platform/graphql/relation.js';
import type { FlowStore } from '../../store/flow.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class FlowLoader {
  readonly byName;
  readonly fromTier;
  readonly toTier;
  /** Flows that start or end at the peer. */
  readonly ofPeer;

  constructor(units: UnitOfWork, store: FlowStore) {
    this.byName = toOne(reading(units, 'flow by name', store), ({ name }) => name);
    this.fromTier = toMany(reading(units, 'flow from tier', store), ({ from }) => ('tier' in from ? [from.tier] : []));
    this.toTier = toMany(reading(units, 'flow to tier', store), ({ to }) => ('tier' in to ? [to.tier] : []));
    this.ofPeer = toMany(reading(units, 'flow of peer', store), ({ from, to }) =>
      [from, to].flatMap((end) => ('peer' in end ? [end.peer] : [])),
    );
  }
}
