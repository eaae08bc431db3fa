import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses what no route is for before any body is read: what is wrong first is the path or the method, and a body that nobody wants is
 * neither waited for nor judged. After the hook that asks who this is: what there is, is told to those who may know.
 */
export function registerUnrouted(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? new NotFoundException() : undefined);
  });
}
