import { isFields, isSet, own, showValue, type Fields } from '../fields.js';
import { NETWORK_POLICY, type Schema } from '../policy-schema.js';
import type { FieldViolation, PolicyRule } from '../policy-rule.js';

/**
 * The object has the fields of a NetworkPolicy and no others, each of its type. A null field is a missing one, but a null in
 * a list is refused: it would be read as an empty rule, which allows everything.
 */
export const shape: PolicyRule = ({ object }) => {
  const found: FieldViolation[] = [];
  check(NETWORK_POLICY, object, { path: [], found });
  return found;
};

/** Where a value stands, gone along field by field as most values break nothing; and what was found so far. */
interface Walk {
  readonly path: (string | number)[];
  readonly found: FieldViolation[];
}

function check(schema: Schema, value: unknown, walk: Walk): void {
  switch (schema.kind) {
    case 'any':
      return;
    case 'text':
      if (typeof value !== 'string') wrongType('a text', value, walk);
      return;
    case 'integer':
      if (!isInt32(value)) wrongType('a whole number', value, walk);
      return;
    case 'integer-or-text':
      if (typeof value !== 'string' && !isInt32(value)) wrongType('a whole number or a name', value, walk);
      return;
    case 'list':
      if (!Array.isArray(value)) wrongType('a list', value, walk);
      else for (const [index, item] of value.entries()) checkItem(schema.items, item, index, walk);
      return;
    case 'texts':
      if (!isFields(value)) wrongType('a mapping', value, walk);
      else for (const key of Object.keys(value)) checkAt(TEXT, value[key], key, walk);
      return;
    case 'fields':
      if (!isFields(value)) wrongType('a mapping', value, walk);
      else for (const key of Object.keys(value)) checkField(schema.fields, value, key, walk);
  }
}

const TEXT: Schema = { kind: 'text' };

function checkAt(schema: Schema, value: unknown, step: string | number, walk: Walk): void {
  walk.path.push(step);
  check(schema, value, walk);
  walk.path.pop();
}

function checkField(known: Readonly<Record<string, Schema>>, value: Fields, key: string, walk: Walk): void {
  const schema = Object.hasOwn(known, key) ? known[key] : undefined;
  if (schema !== undefined) {
    if (isSet(value, key)) checkAt(schema, own(value, key), key, walk);
    return;
  }
  const detail = `there is no field ${showValue(key)} here: use ${Object.keys(known).join(', ')}`;
  walk.found.push({ path: [...walk.path, key], code: 'unknown-field', detail });
}

function checkItem(schema: Schema, item: unknown, index: number, walk: Walk): void {
  if (item !== null && item !== undefined) checkAt(schema, item, index, walk);
  else
    walk.found.push({
      path: [...walk.path, index],
      code: 'null-element',
      detail: 'a list may not hold null: remove the item, or write {} if an empty one is meant',
    });
}

function wrongType(wanted: string, value: unknown, { path, found }: Walk): void {
  found.push({ path: [...path], code: 'type', detail: `this must be ${wanted}, not ${showValue(value)}` });
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}
