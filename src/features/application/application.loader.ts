import { reading, toMany, toOne } from '../../platform/graphql/relation.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class ApplicationLoader {
  readonly byName;
  readonly ofTeam;

  constructor(units: UnitOfWork, store: ApplicationStore) {
    this.byName = toOne(reading(units, 'application by name', store), ({ name }) => name);
    this.ofTeam = toMany(reading(units, 'application of team', store), ({ team }) => [team]);
  }
}
