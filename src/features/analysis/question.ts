import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { readQuery } from '../../platform/http/request.js';
import type { RawBody } from '../../schema/read-json.js';
import { analysisQuery, type AnalysisQuery } from './analysis-query.js';

/** What every question of the analysis is asked with. */
export interface AskedQuestion {
  readonly ctx: RequestContext;
  /** As it came: it is read where the answer is worked out. */
  readonly body: RawBody | undefined;
  readonly query: AnalysisQuery;
  readonly request: FastifyRequest;
}

/** The question, as an argument of a controller method. Refuses (malformed) an unknown or wrong parameter. */
export const Question = createParamDecorator((_: unknown, host: ExecutionContext): AskedQuestion => {
  const request = host.switchToHttp().getRequest<FastifyRequest>();
  const query = readQuery(analysisQuery, request.query);
  return { ctx: request.sluice, body: request.body as RawBody | undefined, query, request };
});
