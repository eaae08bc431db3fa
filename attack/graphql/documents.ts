import {
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { NAMES } from '../openapi/values.js';

const DEPTH_MAX = 5;
const TEXTS = [...NAMES, 'shop/frontend', 'latest', '10.0.0.0/8', '1', '*', '', 'a"b\\', '\u0000'];

/**
 * A document of a schema, by a row of numbers: each says which of the things that may stand at a place does, and where the row ends it is the first.
 * So shorter and smaller rows are shorter documents. Valid, as far as types tell.
 */
export function documentBy(schema: GraphQLSchema, choices: readonly number[]): string {
  let at = 0;
  const choose = (count: number): number => (choices[at++] ?? 0) % count;
  const root = choose(4) === 3 ? schema.getMutationType() : schema.getQueryType();
  const word = root === schema.getQueryType() ? 'query' : 'mutation';

  const valueOf = (type: GraphQLInputType, depth: number): string => {
    if (isNonNullType(type)) return valueOf(type.ofType, depth);
    if (isListType(type)) return choose(3) === 0 ? '[]' : `[${valueOf(type.ofType, depth)}]`;
    if (isEnumType(type)) return type.getValues()[choose(type.getValues().length)]?.name ?? 'null';
    if (isInputObjectType(type)) return objectOf(Object.values(type.getFields()), depth);
    if (type.name === 'Int' || type.name === 'Float') return String([1, 0, -1, 2, 100, 65_536][choose(6)]);
    if (type.name === 'Boolean') return choose(2) === 0 ? 'true' : 'false';
    if (type.name === 'Labels') return ['{}', '{app: "x"}', '{a: 1}', '[1]'][choose(4)] ?? '{}';
    return JSON.stringify(TEXTS[choose(TEXTS.length)]);
  };
  const given = (fields: readonly { name: string; type: GraphQLInputType; defaultValue?: unknown }[], depth: number) =>
    fields
      .filter(({ type }) => isNonNullType(type) || (depth > 0 && choose(4) === 3))
      .map(({ name, type }) => `${name}: ${valueOf(type, depth - 1)}`);
  const objectOf = (fields: Parameters<typeof given>[0], depth: number) => `{${given(fields, depth).join(' ')}}`;
  const selectionOf = (output: GraphQLOutputType | GraphQLNamedType, depth: number): string => {
    const type = getNamedType(output);
    if (isLeafType(type)) return '';
    if (isAbstractType(type)) {
      const [first] = schema.getPossibleTypes(type);
      return first === undefined || depth === 0
        ? '{ __typename }'
        : `{ __typename ... on ${first.name} ${selectionOf(first, depth - 1)} }`;
    }
    if (!isObjectType(type) || depth === 0) return '{ __typename }';
    const fields = Object.values(type.getFields());
    const picked = Array.from({ length: 1 + choose(3) }, () => fields[choose(fields.length)]).filter(
      (one) => one !== undefined,
    );
    const named = picked.map((field, n) => {
      const args = given(field.args, 2);
      return `f${n}: ${field.name}${args.length > 0 ? `(${args.join(' ')})` : ''} ${selectionOf(field.type, depth - 1)}`;
    });
    return `{ ${named.join(' ')} }`;
  };
  return `${word} ${root ? selectionOf(root, DEPTH_MAX) : '{ __typename }'}`;
}
