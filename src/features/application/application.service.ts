import type { Problem } from '../../domain/errors.js';
import type { Application, Team } from '../../domain/model/entities.js';
import { missing } from '../../domain/validate/references.js';
import { unknownName } from '../../platform/resource/filter-name.js';
import { ResourceService } from '../../platform/resource/resource.service.js';
import { applicationSchema } from '../../schema/application.js';
import type { ApplicationStore } from '../../store/application.store.js';
import type { Db } from '../../store/database.js';
import type { Filter } from '../../store/model-store.js';
import type { TeamStore } from '../../store/team.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class ApplicationService extends ResourceService<Application> {
  constructor(
    units: UnitOfWork,
    applications: ApplicationStore,
    private readonly teams: TeamStore,
  ) {
    super({ kind: 'application', schema: applicationSchema, keyFields: ['name'] }, applications, units);
  }

  protected async rules(db: Db, parts: Partial<Application>): Promise<Problem[]> {
    if (parts.team === undefined || (await this.teams.get(db, { name: parts.team }))) return [];
    const have = await this.teams.list(db, {}, { after: undefined, take: 11 });
    return [
      missing(
        '#/team',
        'team',
        parts.team,
        `application "${parts.name}"`,
        have.map((team) => team.value.name),
      ),
    ];
  }

  protected override async filterProblems(db: Db, { team }: Filter): Promise<Problem[]> {
    if (team === undefined) return [];
    const name = String(team);
    const nameOf = (one: Team) => one.name;
    return unknownName(db, { parameter: 'team', kind: 'team', name, key: { name }, store: this.teams, nameOf });
  }
}
