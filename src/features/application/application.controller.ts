import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { filterText } from '../../platform/http/request.js';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { ApplicationService } from './application.service.js';

@Controller()
export class ApplicationController extends resourceController({
  schema: 'Application',
  plural: 'Applications',
  path: '/v1/applications',
  params: { application: 'name' },
  filters: z.object({ team: filterText.optional().meta({ description: 'Only those of this team' }) }),
}) {
  constructor(protected readonly service: ApplicationService) {
    super();
  }
}
