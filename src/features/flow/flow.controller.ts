import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { filterText } from '../../platform/http/request.js';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { FlowService } from './flow.service.js';

@Controller()
export class FlowController extends resourceController({
  schema: 'Flow',
  plural: 'Flows',
  path: '/v1/flows',
  params: { flow: 'name' },
  filters: z.object({
    environment: filterText.optional().meta({ description: 'Flows that hold in this environment' }),
    application: filterText.optional().meta({ description: 'Flows that start or end in this application' }),
    from: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
    to: filterText.optional().meta({ description: 'application/tier, or the name of a peer' }),
    port: filterText.optional().meta({ description: 'The name of a port, or a number' }),
  }),
}) {
  constructor(protected readonly service: FlowService) {
    super();
  }
}
