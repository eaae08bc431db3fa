import { reading, toOne } from '../../platform/graphql/relation.js';
import type { TeamStore } from '../../store/team.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TeamLoader {
  readonly byName;

  constructor(units: UnitOfWork, store: TeamStore) {
    this.byName = toOne(reading(units, 'team by name', store), (team) => team.name);
  }
}
