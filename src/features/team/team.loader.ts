import { toOne } from '../../platform/graphql/relation.js';
import type { TeamStore } from '../../store/team.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TeamLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly teams: TeamStore,
  ) {}

  readonly byName = toOne(
    (names) => this.teams.byNames(this.units.reader, names),
    (team) => team.name,
  );
}
