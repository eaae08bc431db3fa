import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SluiceError } from '../../domain/errors.js';
import { parseInput } from '../../schema/parse.js';
import { CHARACTERS_MAX } from './limits.js';

const parameters = z.object({
  query: z.string().max(CHARACTERS_MAX),
  operationName: z
    .string()
    .regex(/^[_A-Za-z][_0-9A-Za-z]{0,199}$/, 'use a name')
    .nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

export type Variables = Readonly<Record<string, unknown>>;

/** What a GraphQL-over-HTTP request asks for. */
export interface GraphQLRequest {
  readonly method: 'GET' | 'POST';
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/**
 * Reads the parameters: the JSON body of a POST, the query string of a GET. Refuses (malformed) a request without a document, a
 * parameter of the wrong type, and a batch; (unsupported-media-type) a body that is not JSON, so that no page of another site can send one.
 */
export function readGraphQLRequest(request: FastifyRequest): GraphQLRequest {
  const method = request.method === 'GET' ? 'GET' : 'POST';
  const raw = method === 'POST' ? bodyOf(request) : fromQueryString(request.query as Record<string, unknown>);
  if (Array.isArray(raw)) throw new SluiceError('malformed', 'one request at a time: batches are off');
  const { value, problems } = parseInput(parameters, raw ?? {});
  if (value === undefined)
    throw new SluiceError('malformed', `the GraphQL request is wrong: ${problems[0]?.detail ?? ''}`, problems);
  const { query, operationName, variables } = value;
  return { method, query, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function bodyOf(request: FastifyRequest): unknown {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return request.body;
  throw new SluiceError('unsupported-media-type', `send application/json, not ${type ?? 'a body without a type'}`);
}

function fromQueryString({ query, operationName, variables, extensions }: Record<string, unknown>): object {
  return { query, operationName, variables: json('variables', variables), extensions: json('extensions', extensions) };
}

function json(name: string, text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new SluiceError('malformed', `${name} is not JSON`);
  }
}
