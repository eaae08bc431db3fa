import { tierRef } from '../../domain/model/entities.js';
import { toMany, toOne } from '../../platform/graphql/relation.js';
import type { TierStore } from '../../store/tier.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TierLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly tiers: TierStore,
  ) {}

  /** By `application/tier`. */
  readonly byRef = toOne((refs) => this.tiers.byRefs(this.units.reader, refs), tierRef);

  readonly ofApplication = toMany(
    (applications) => this.tiers.byApplications(this.units.reader, applications),
    (tier) => [tier.application],
    { relation: this.byRef, keyOf: tierRef },
  );
}
