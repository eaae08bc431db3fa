import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadDemo } from '../../src/bootstrap/demo.js';

/** The small example of the design: users -> frontend -> backend -> database, version 1 in dev. */
export function loadShop(app: NestFastifyApplication): Promise<void> {
  return loadDemo(app);
}
