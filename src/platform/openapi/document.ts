import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { SCHEMAS } from '../../schema/all.js';
import { BODY, ref, type Variant, VARIANT } from './describe.js';

const PROBLEM = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(
      z.object({ pointer: z.string(), code: z.string(), detail: z.string(), value: z.unknown().optional() }),
    ),
    traceId: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457: one refusal with every problem' });

const HOW_NEW =
  'The answer is of this revision of the model or a later one: 412 where there is no such revision yet. With a replica, it may come from there';

/** Two ways to say the same, on every read: `takeMinRevision` reads them. */
const MIN_REVISION = [
  { name: 'minRevision', in: 'query', required: false, description: HOW_NEW, schema: { type: 'integer', minimum: 0 } },
  {
    name: 'Sluice-Min-Revision',
    in: 'header',
    required: false,
    description: HOW_NEW,
    schema: { type: 'integer', minimum: 0 },
  },
];

/** The OpenAPI document: operations from the controllers, schemas from zod. */
export function openApiDocument(app: INestApplication, version: string): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sluice')
    .setDescription(
      'Network policy as a service: declare who may talk to whom, publish, and fetch proved Kubernetes NetworkPolicies.',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .setContact('Sluice', 'https://sluice.dev', 'team@sluice.dev')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token: slc_...' })
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'The token as password; any user name' })
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('basic')
    .build();
  const document = SwaggerModule.createDocument(app, base, { autoTagControllers: false });
  const schemas = componentSchemas();
  for (const operation of operationsOf(document)) placeBody(operation, schemas);
  for (const operation of readsOf(document)) operation.parameters = [...(operation.parameters ?? []), ...MIN_REVISION];
  const components = { ...document.components, schemas: inOrder(schemas) as never };
  return { ...document, tags: tagsOf(document), components };
}

/** Every schema with an id, inputs as clients send them: defaults are optional. */
function componentSchemas(): Schemas {
  const registry = z.registry<{ id: string }>();
  for (const schema of [...SCHEMAS, PROBLEM]) {
    const meta = schema.meta();
    if (meta?.id !== undefined) registry.add(schema, { id: meta.id });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const named = { ...schemas };
  const shared = (named['__shared'] as { $defs?: Record<string, object> } | undefined)?.$defs ?? {};
  delete named['__shared'];
  const all = JSON.parse(
    JSON.stringify({ ...named, ...shared }).replaceAll(
      '#/components/schemas/__shared#/$defs/',
      '#/components/schemas/',
    ),
  ) as Record<string, Record<string, unknown>>;
  return Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, lean(schema)]));
}

function inOrder(schemas: Schemas): Schemas {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without the keywords that say again what the place says. */
function lean({ $schema: _schema, $id: _id, id: _name, ...schema }: Record<string, unknown>): Schema {
  return schema;
}

interface Schema {
  readonly description?: string;
  readonly required?: readonly string[];
}

type Schemas = Record<string, Schema>;

interface Body {
  readonly content: Readonly<Record<string, { readonly schema: { readonly [VARIANT]?: Variant } }>>;
}

interface Operation {
  tags?: string[];
  parameters?: object[];
  security?: readonly object[];
  requestBody?: unknown;
  [BODY]?: Body;
}

function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Operation>));
}

/** What needs a token and is under /v1: those reads may be told how new an answer must be. */
function readsOf(document: OpenAPIObject): Operation[] {
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'));
  const reads = paths.map(([, path]) => (path as Record<string, Operation>)['get']);
  return reads.filter((read) => read !== undefined && read.security === undefined) as Operation[];
}

/** The body that Describe gave, where Nest has put one without a schema. A variant becomes a schema of the components. */
function placeBody(operation: Operation, schemas: Schemas): void {
  const body = operation[BODY];
  delete operation[BODY];
  delete operation.requestBody;
  if (body === undefined) return;
  const content = Object.entries(body.content).map(([type, media]) => {
    const variant = media.schema[VARIANT];
    if (variant === undefined) return [type, media];
    schemas[variant.id] = variantOf(schemas[variant.of] ?? {}, variant.given);
    return [type, { schema: ref(variant.id) }];
  });
  operation.requestBody = { ...body, content: Object.fromEntries(content) as object };
}

function variantOf({ required = [], ...schema }: Schema, given: readonly string[]): Schema {
  const left = required.filter((field) => !given.includes(field));
  const description = `${schema.description ?? ''}; ${given.join(' and ')} may be left out, as the path has it`;
  return { ...schema, ...(left.length > 0 ? { required: left } : {}), description };
}

function tagsOf(document: OpenAPIObject): { name: string; description: string }[] {
  const names = new Set(operationsOf(document).flatMap((operation) => operation.tags ?? []));
  return [...names].sort().map((name) => ({ name, description: `Operations on ${name.toLowerCase()}` }));
}
