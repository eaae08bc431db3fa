import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { TeamService } from './team.service.js';

@Controller()
export class TeamController extends resourceController({
  schema: 'Team',
  plural: 'Teams',
  path: '/v1/teams',
  params: { team: 'name' },
}) {
  constructor(protected readonly service: TeamService) {
    super();
  }
}
