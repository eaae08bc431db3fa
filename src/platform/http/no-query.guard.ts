import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readQuery } from './request.js';

const NOTHING = z.strictObject({});

/** Before an operation that reads no query string: refuses (malformed) whatever stands in one, as all others refuse what they do not know. */
export class NoQueryGuard implements CanActivate {
  canActivate(host: ExecutionContext): true {
    const query = host.switchToHttp().getRequest<FastifyRequest>().query as object;
    for (const _ in query) readQuery(NOTHING, query);
    return true;
  }
}
