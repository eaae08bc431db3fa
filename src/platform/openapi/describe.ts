import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiExtension, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NoQueryGuard } from '../http/no-query.guard.js';

/** A response: what it means, and its body by media type. */
export interface ResponseDoc {
  readonly description: string;
  readonly content?: Readonly<Record<string, object>>;
  readonly headers?: readonly (keyof typeof HEADERS)[];
}

/** Where an operation keeps its request body until the document is made: Nest has no way to say a body by media type. */
export const BODY = 'x-sluice-body';

export interface OperationDoc {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly required?: boolean }>>;
  /** Required, unless it says otherwise. */
  readonly body?: {
    readonly description: string;
    readonly required?: boolean;
    readonly content: Readonly<Record<string, object>>;
  };
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  /** Open to everyone. */
  readonly open?: boolean;
}

const HEADERS = {
  ETag: 'Strong entity-tag (RFC 9110): send it back as If-Match or If-None-Match',
  Location: 'Where the new object is',
  Link: 'RFC 8288: related pages and versions',
  'Cache-Control': 'RFC 9111',
  'Content-Location': 'The versioned address of what was sent',
  'Sluice-Revision':
    'The revision of the model that made what the answer shows, or a later one that has it so: send it back as Sluice-Min-Revision. Absent from dry runs',
  'Sluice-Findings':
    'How many findings of each severity there are, as in error=1, warning=2; absent where there are none',
  'Preference-Applied':
    'RFC 7240: wait=<seconds>, how long the answer waited at most; absent where nothing was asked for',
  'Repr-Digest': 'RFC 9530: sha-256 of the representation',
} as const;

/** A reference to a schema of the components. */
export function ref(id: string): { $ref: string } {
  return { $ref: `#/components/schemas/${id}` };
}

export function jsonOf(id: string): Record<string, object> {
  return { 'application/json': { schema: ref(id) } };
}

/** Where a body that is a schema less some demands says so until the document is made. */
export const VARIANT = 'x-sluice-variant';

/** A schema of the components under another name, with fields that may be left out because the path gives them. */
export interface Variant {
  readonly of: string;
  readonly id: string;
  readonly given: readonly string[];
}

/** A body that may leave out what the path gives: `TierPost` is a `Tier` that need not name its application. */
export function bodyGiven(of: string, method: 'Post' | 'Put', given: readonly string[]): Record<string, object> {
  if (given.length === 0) return jsonOf(of);
  const variant: Variant = { of, id: `${of}${method}`, given };
  return { 'application/json': { schema: { [VARIANT]: variant } } };
}

/** One page of a list. */
export function pageOf(id: string): Record<string, object> {
  const properties = { items: { type: 'array', items: ref(id) }, nextPageToken: { type: 'string' } };
  return { 'application/json': { schema: { type: 'object', required: ['items'], properties } } };
}

/**
 * Everything the OpenAPI document says of one operation. Every operation can answer with a problem. What is open to everyone is asked by probes too,
 * which may say what they like; of all others a query string is refused where none is described.
 */
export function Describe(doc: OperationDoc): MethodDecorator {
  const { params = {}, query, headers = {}, body, responses } = doc;
  return applyDecorators(
    ApiTags(doc.tag),
    ApiOperation({
      operationId: doc.id,
      summary: doc.summary,
      description: doc.description ?? `${doc.summary}.`,
      ...(doc.open ? { security: [] } : {}),
    }),
    ...Object.entries(params).map(([name, description]) => ApiParam({ name, description, schema: { type: 'string' } })),
    ...queryParameters(query),
    ...Object.entries(headers).map(([name, header]) => ApiHeader({ name, ...header, schema: { type: 'string' } })),
    ...(query === undefined && !doc.open ? [UseGuards(NoQueryGuard)] : []),
    ...(body ? [ApiExtension(BODY, { required: true, ...body })] : []),
    ...Object.entries(responses).map(([status, response]) =>
      ApiResponse({ status: Number(status), ...responseOf(response) } as never),
    ),
    ApiResponse({
      status: 'default',
      description: 'A problem (RFC 9457)',
      content: { 'application/problem+json': { schema: ref('Problem') } },
    } as never),
  );
}

function responseOf({ description, content, headers = [] }: ResponseDoc): object {
  const described = headers.map((name) => [name, { description: HEADERS[name], schema: { type: 'string' } }]);
  return {
    description,
    ...(content ? { content } : {}),
    ...(headers.length > 0 ? { headers: Object.fromEntries(described) } : {}),
  };
}

function queryParameters(query: z.ZodObject | undefined): MethodDecorator[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { description?: string };
    return ApiQuery({ name, required: required.includes(name), description: description ?? name, schema });
  });
}
