import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { sendProblem } from './problem.js';
import { isRegistryPath, sendRegistryError } from './registry-error.js';
import type { RouteTable } from './route-table.js';
import { toSluiceError } from './to-sluice-error.js';

/** Every error of the HTTP doors ends here; those of GraphQL's resolvers pass, for its own door to tell. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly onInternal: (error: SluiceError, traceId: string) => void,
    private readonly publicUrl: string | undefined,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') throw thrown;
    this.answer(
      thrown,
      host.switchToHttp().getRequest<FastifyRequest>(),
      host.switchToHttp().getResponse<FastifyReply>(),
    );
  }

  /** Also for what Fastify meets before any controller: hooks and body parsers. */
  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.meaningOf(thrown, request, reply);
    const traceId = request.traceId ?? 'none';
    if (error.code === 'unsupported-media-type' && request.method === 'PATCH')
      void reply.header('accept-patch', 'application/merge-patch+json, application/json'); // RFC 5789 section 2.2
    if (error.code === 'internal' || error.code === 'unavailable') this.onInternal(error, traceId);
    if (isRegistryPath(request.url)) sendRegistryError(reply, error, this.publicUrl);
    else sendProblem(reply, error, traceId);
  }

  /** A client that went away with its body half sent is reset as a database would be: it is told apart by its own connection. */
  private meaningOf(thrown: unknown, request: FastifyRequest, reply: FastifyReply): SluiceError {
    if (request.raw.destroyed && !request.raw.complete)
      return new SluiceError('malformed', 'the request did not come to its end');
    return this.isUnrouted(thrown, request) ? this.unrouted(request, reply) : toSluiceError(thrown);
  }

  /** Nest's own 404: no controller has this path. */
  private isUnrouted(thrown: unknown, request: FastifyRequest): boolean {
    return (
      thrown instanceof HttpException &&
      thrown.getStatus() === 404 &&
      (request.is404 || request.routeOptions.url === undefined)
    );
  }

  /** 405 with Allow where the path exists under another method (RFC 9110 section 15.5.6), else 404. */
  private unrouted(request: FastifyRequest, reply: FastifyReply): SluiceError {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0 || methods.includes(request.method))
      return new SluiceError('not-found', `there is nothing at ${path.slice(0, 200)}: /docs shows what there is`);
    void reply.header('allow', methods.join(', '));
    return new SluiceError(
      'method-not-allowed',
      `${request.method} is not for ${path.slice(0, 200)} (allowed: ${methods.join(', ')})`,
    );
  }
}
