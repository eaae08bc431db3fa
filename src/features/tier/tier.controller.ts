import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { TierService } from './tier.service.js';

@Controller()
export class TierController extends resourceController({
  schema: 'Tier',
  plural: 'Tiers',
  path: '/v1/applications/:application/tiers',
  params: { application: 'application', tier: 'name' },
}) {
  constructor(protected readonly service: TierService) {
    super();
  }
}
