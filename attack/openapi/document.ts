import { readFileSync } from 'node:fs';

/** The part of JSON Schema that the document uses; `objectionsTo` knows no other. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'string' | 'object' | 'array' | 'integer' | 'number' | 'boolean' | 'null';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** By media type; nothing where no body is read. */
  readonly body: { readonly required: boolean; readonly content: Content } | undefined;
  /** By status, and `default`. */
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  /** Needs a token. What does not is asked by probes too, which may add to the query what they like. */
  readonly access: 'token' | 'open';
}

export type Schemas = Readonly<Record<string, Schema>>;

export interface ApiDocument {
  readonly operations: readonly Operation[];
  readonly schemas: Schemas;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Operation['responses'];
  readonly security?: readonly object[];
}

/** Reads the committed document. */
export function readDocument(file = 'openapi/openapi.json'): ApiDocument {
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Partial<Record<(typeof METHODS)[number], RawOperation>>>;
    components: { schemas: Schemas };
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const raw = item[method];
      return raw === undefined ? [] : [operationOf(method, path, raw)];
    }),
  );
  return { operations, schemas: components.schemas };
}

function operationOf(method: (typeof METHODS)[number], path: string, raw: RawOperation): Operation {
  const { operationId: id, parameters = [], requestBody, responses } = raw;
  const body = requestBody && { required: requestBody.required === true, content: requestBody.content };
  const access = raw.security?.length === 0 ? 'open' : 'token';
  return { id, method: method.toUpperCase() as Operation['method'], path, parameters, body, responses, access };
}

/** What a reference stands for. */
export function resolved(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  const found = schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`the document has no ${schema.$ref}`);
  return resolved(found, schemas);
}
