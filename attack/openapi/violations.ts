import { resolved, type Schema, type Schemas } from './document.js';

/** What says something about a schema and nothing about a value. */
const SILENT = new Set(['description', 'title', 'default', 'examples', 'example']);
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => !Number.isNaN(Date.parse(text)),
  uri: (text) => URL.canParse(text),
  binary: () => true,
};

type Judge = (value: unknown, schema: Schema, schemas: Schemas, at: string) => string[];

/** One keyword, one judge: each looks at the values that it is about and lets all others pass. */
const JUDGES: Readonly<Record<string, Judge>> = {
  $ref: (value, schema, schemas, at) => violations(value, resolved(schema, schemas), schemas, at),
  type: (value, { type }, _, at) => (typeOf(value) === type || isWhole(value, type) ? [] : [`${at} is no ${type}`]),
  enum: (value, { enum: choices }, _, at) => (choices?.includes(value) ? [] : [`${at} is none of ${choices?.join()}`]),
  const: (value, { const: only }, _, at) => (value === only ? [] : [`${at} is not ${JSON.stringify(only)}`]),
  properties: (value, { properties = {} }, schemas, at) =>
    entriesOf(value).flatMap(([key, inner]) =>
      Object.hasOwn(properties, key) ? violations(inner, properties[key] ?? {}, schemas, `${at}/${key}`) : [],
    ),
  required: (value, { required = [] }, _, at) =>
    isObject(value) ? required.filter((key) => !Object.hasOwn(value, key)).map((key) => `${at}/${key} is missing`) : [],
  additionalProperties: (value, { additionalProperties: others, properties = {} }, schemas, at) =>
    entriesOf(value)
      .filter(([key]) => !Object.hasOwn(properties, key))
      .flatMap(([key, inner]) => {
        if (others === false) return [`${at}/${key} is not known`];
        return typeof others === 'object' ? violations(inner, others, schemas, `${at}/${key}`) : [];
      }),
  propertyNames: (value, { propertyNames = {} }, schemas, at) =>
    entriesOf(value).flatMap(([key]) => violations(key, propertyNames, schemas, `${at}/${key}`)),
  items: (value, { items = {} }, schemas, at) =>
    Array.isArray(value) ? value.flatMap((inner, n) => violations(inner, items, schemas, `${at}/${n}`)) : [],
  anyOf: (value, { anyOf = [] }, schemas, at) =>
    anyOf.some((one) => violations(value, one, schemas, at).length === 0) ? [] : [`${at} is none of what it may be`],
  oneOf: (value, { oneOf = [] }, schemas, at) => {
    const count = oneOf.filter((one) => violations(value, one, schemas, at).length === 0).length;
    return count === 1 ? [] : [`${at} is ${count} of what it may be one of`];
  },
  minLength: (value, { minLength = 0 }, _, at) =>
    typeof value === 'string' && [...value].length < minLength ? [`${at} is too short`] : [],
  maxLength: (value, { maxLength = 0 }, _, at) =>
    typeof value === 'string' && [...value].length > maxLength ? [`${at} is too long`] : [],
  pattern: (value, { pattern = '' }, _, at) =>
    typeof value === 'string' && !new RegExp(pattern, 'u').test(value) ? [`${at} does not match ${pattern}`] : [],
  format: (value, { format = '' }, _, at) =>
    typeof value === 'string' && !formatOf(format)(value) ? [`${at} is no ${format}`] : [],
  minimum: (value, { minimum = 0 }, _, at) =>
    typeof value === 'number' && value < minimum ? [`${at} is less than ${minimum}`] : [],
  maximum: (value, { maximum = 0 }, _, at) =>
    typeof value === 'number' && value > maximum ? [`${at} is more than ${maximum}`] : [],
  minItems: (value, { minItems = 0 }, _, at) =>
    Array.isArray(value) && value.length < minItems ? [`${at} has too few`] : [],
  maxItems: (value, { maxItems = 0 }, _, at) =>
    Array.isArray(value) && value.length > maxItems ? [`${at} has too many`] : [],
};

/**
 * What of a value is not as its schema says, each with its place; nothing where all is. Throws where the schema has a keyword that is not judged here, so
 * that none is passed over.
 * @example violations({ name: 7 }, { type: 'object', properties: { name: { type: 'string' } } }, {}) // ['#/name is no string']
 */
export function violations(value: unknown, schema: Schema, schemas: Schemas, at = '#'): string[] {
  return Object.keys(schema).flatMap((keyword) => {
    if (SILENT.has(keyword)) return [];
    const judge = JUDGES[keyword];
    if (judge === undefined) throw new Error(`nothing here judges the keyword ${keyword} (at ${at})`);
    return judge(value, schema, schemas, at);
  });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isWhole(value: unknown, type: Schema['type']): boolean {
  return type === 'integer' && Number.isInteger(value);
}

function isObject(value: unknown): value is object {
  return typeOf(value) === 'object';
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

function formatOf(format: string): (text: string) => boolean {
  const judge = FORMATS[format];
  if (judge === undefined) throw new Error(`nothing here judges the format ${format}`);
  return judge;
}
