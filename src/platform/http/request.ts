import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import { parseInput } from '../../schema/parse.js';
import type { Trace } from '../../seeing/trace.js';
import type { RequestContext } from '../context.js';
import { PAGE_SIZE, PAGE_SIZE_MAX } from './page.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the authentication hook on every route that needs a token. */
    sluice: RequestContext;
    traceId: string;
    trace: Trace;
  }
}

/** The request context, as the first argument of a controller method. */
export const Ctx = createParamDecorator((_: unknown, host: ExecutionContext): RequestContext => {
  return host.switchToHttp().getRequest<FastifyRequest>().sluice;
});

/** The query string by a schema; an unknown or wrong parameter is a 400 that names it. */
export function ParsedQuery(schema: z.ZodObject): ParameterDecorator {
  // Not as the decorator's data: a zod schema has a `transform`, so Nest would take it for a pipe.
  return createParamDecorator((_: unknown, host: ExecutionContext): unknown => {
    return readQuery(schema, host.switchToHttp().getRequest<FastifyRequest>().query);
  })();
}

export function readQuery<S extends z.ZodObject>(schema: S, query: unknown): z.output<S> {
  const { value, problems } = parseInput(schema, query);
  if (value !== undefined) return value;
  const known = Object.keys(schema.shape).sort().join(', ') || 'none';
  const told = problems.map((problem) =>
    problem.code === 'unknown-field'
      ? { ...problem, code: 'unknown-parameter', detail: `this takes no such parameter (it takes: ${known})` }
      : problem,
  );
  const named = told.map((problem) => problem.pointer.slice(2)).join(', ');
  throw new SluiceError('malformed', `the query string is wrong at ${named}: ${told[0]?.detail ?? ''}`, told);
}

/** A whole number in a query string. */
export const digits = (min: number, max: number) =>
  z
    .string()
    .refine(
      (text) => /^[0-9]{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max,
      `use a whole number from ${min} to ${max}`,
    )
    .transform(Number)
    .meta({ type: 'integer', minimum: min, maximum: max });

/** On every list. */
export const pagingQuery = z.strictObject({
  pageSize: digits(1, PAGE_SIZE_MAX)
    .optional()
    .meta({ description: `How many items at most, ${PAGE_SIZE} by default` }),
  pageToken: z.string().max(1000).optional().meta({ description: 'nextPageToken of the page before' }),
});

/** On every write. */
export const writeQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional().meta({ description: 'true: the same checks and codes, nothing stored' }),
});

/** A filter value: short, and without characters that no name has. */
export const filterText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'use printable ASCII without spaces');
