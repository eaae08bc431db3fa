import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { PlacementService } from './placement.service.js';

@Controller()
export class PlacementController extends resourceController({
  schema: 'Placement',
  plural: 'Placements',
  path: '/v1/environments/:environment/placements',
  params: { environment: 'environment', application: 'application' },
  methods: 'put-only',
}) {
  constructor(protected readonly service: PlacementService) {
    super();
  }
}
