import { tierRef } from '../../domain/model/entities.js';
import { reading, toMany, toOne } from '../../platform/graphql/relation.js';
import type { TierStore } from '../../store/tier.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TierLoader {
  /** By `application/tier`. */
  readonly byRef;
  readonly ofApplication;

  constructor(units: UnitOfWork, store: TierStore) {
    this.byRef = toOne(reading(units, 'tier by reference', store), tierRef);
    this.ofApplication = toMany(reading(units, 'tier of application', store), ({ application }) => [application]);
  }
}
