import { toMany, toOne } from '../../platform/graphql/relation.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class ApplicationLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly applications: ApplicationStore,
  ) {}

  readonly byName = toOne(
    (names) => this.applications.byNames(this.units.reader, names),
    (application) => application.name,
  );

  readonly ofTeam = toMany(
    (teams) => this.applications.byTeams(this.units.reader, teams),
    (application) => [application.team],
    { relation: this.byName, keyOf: (application) => application.name },
  );
}
