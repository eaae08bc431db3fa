import { Controller } from '@nestjs/common';
import { resourceController } from '../../platform/resource/resource.controller.js';
import { PeerService } from './peer.service.js';

@Controller()
export class PeerController extends resourceController({
  schema: 'Peer',
  plural: 'Peers',
  path: '/v1/peers',
  params: { peer: 'name' },
}) {
  constructor(protected readonly service: PeerService) {
    super();
  }
}
