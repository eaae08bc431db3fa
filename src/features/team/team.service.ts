import type { Problem } from '../../domain/errors.js';
import type { Team } from '../../domain/model/entities.js';
import { ResourceService } from '../../platform/resource/resource.service.js';
import { teamSchema } from '../../schema/team.js';
import type { TeamStore } from '../../store/team.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TeamService extends ResourceService<Team> {
  constructor(units: UnitOfWork, teams: TeamStore) {
    super({ kind: 'team', schema: teamSchema, keyFields: ['name'] }, teams, units);
  }

  protected async rules(): Promise<Problem[]> {
    return [];
  }
}
