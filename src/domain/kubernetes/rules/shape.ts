import { isFields, isSet, own, showValue, type FieldPath, type Fields } from '../fields.js';
import { NETWORK_POLICY, type Schema } from '../policy-schema.js';
import type { FieldViolation, PolicyRule } from '../policy-rule.js';

/**
 * The object has the fields of a NetworkPolicy and no others, each of its type. A null field is a missing one, but a null in
 * a list is refused: it would be read as an empty rule, which allows everything.
 */
export const shape: PolicyRule = ({ object }) => check(NETWORK_POLICY, object, []);

function check(schema: Schema, value: unknown, path: FieldPath): FieldViolation[] {
  switch (schema.kind) {
    case 'any':
      return [];
    case 'text':
      return typeof value === 'string' ? [] : wrongType('a text', value, path);
    case 'integer':
      return isInt32(value) ? [] : wrongType('a whole number', value, path);
    case 'integer-or-text':
      return typeof value === 'string' || isInt32(value) ? [] : wrongType('a whole number or a name', value, path);
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item, i) => checkItem(schema.items, item, [...path, i]))
        : wrongType('a list', value, path);
    case 'texts':
      return isFields(value)
        ? Object.entries(value).flatMap(([key, text]) => check({ kind: 'text' }, text, [...path, key]))
        : wrongType('a mapping', value, path);
    case 'fields':
      return isFields(value) ? checkFields(schema.fields, value, path) : wrongType('a mapping', value, path);
  }
}

function checkFields(known: Readonly<Record<string, Schema>>, value: Fields, path: FieldPath): FieldViolation[] {
  return Object.keys(value).flatMap((key) => {
    const schema = Object.hasOwn(known, key) ? known[key] : undefined;
    if (schema !== undefined) return !isSet(value, key) ? [] : check(schema, own(value, key), [...path, key]);
    const detail = `there is no field ${showValue(key)} here: use ${Object.keys(known).join(', ')}`;
    return [{ path: [...path, key], code: 'unknown-field', detail }];
  });
}

function checkItem(schema: Schema, item: unknown, path: FieldPath): FieldViolation[] {
  if (item !== null && item !== undefined) return check(schema, item, path);
  return [
    {
      path,
      code: 'null-element',
      detail: 'a list may not hold null: remove the item, or write {} if an empty one is meant',
    },
  ];
}

function wrongType(wanted: string, value: unknown, path: FieldPath): FieldViolation[] {
  return [{ path, code: 'type', detail: `this must be ${wanted}, not ${showValue(value)}` }];
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}
