import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { TagService } from './tag.service.js';

@Controller()
export class TagController extends resourceController({
  schema: 'Tag',
  plural: 'Tags',
  path: '/v1/environments/:environment/tags',
  params: { environment: 'environment', tag: 'name' },
  methods: 'put-only',
}) {
  constructor(protected readonly service: TagService) {
    super();
  }
}
