import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { EnvironmentService } from './environment.service.js';

@Controller()
export class EnvironmentController extends resourceController({
  schema: 'Environment',
  plural: 'Environments',
  path: '/v1/environments',
  params: { environment: 'name' },
}) {
  constructor(protected readonly service: EnvironmentService) {
    super();
  }
}
