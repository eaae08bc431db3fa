import { fieldsAt, isFields, listAt, own, type FieldPath, type Fields } from './fields.js';
import type { Placed, RawPolicy } from './policy-rule.js';

/**
 * Takes an object apart for the rules, whatever is in it: what is missing or of a wrong type is left out.
 * @example rawPolicy({ spec: { ingress: [{ ports: [{ port: 80 }] }] } }).ports[0]?.path // ['spec', 'ingress', 0, 'ports', 0]
 */
export function rawPolicy(object: Fields): RawPolicy {
  const spec = fieldsAt(object, 'spec');
  const ingress = itemsOf(spec, ['spec'], 'ingress');
  const egress = itemsOf(spec, ['spec'], 'egress');
  const peers = [
    ...ingress.flatMap(({ value, path }) => itemsOf(value, path, 'from')),
    ...egress.flatMap(({ value, path }) => itemsOf(value, path, 'to')),
  ];
  const selectors = [
    ...fieldOf(spec, ['spec'], 'podSelector'),
    ...peers.flatMap(({ value, path }) => [
      ...fieldOf(value, path, 'podSelector'),
      ...fieldOf(value, path, 'namespaceSelector'),
    ]),
  ];
  return {
    object,
    metadata: fieldsAt(object, 'metadata'),
    spec,
    ports: [...ingress, ...egress].flatMap(({ value, path }) => itemsOf(value, path, 'ports')),
    peers,
    blocks: peers.flatMap(({ value, path }) => fieldOf(value, path, 'ipBlock')),
    selectors,
    expressions: selectors.flatMap(({ value, path }) => itemsOf(value, path, 'matchExpressions')),
  };
}

function itemsOf(fields: Fields, path: FieldPath, key: string): Placed[] {
  return listAt(fields, key).flatMap((value, index) =>
    isFields(value) ? [{ path: [...path, key, index], value }] : [],
  );
}

function fieldOf(fields: Fields, path: FieldPath, key: string): Placed[] {
  const value = own(fields, key);
  return isFields(value) ? [{ path: [...path, key], value }] : [];
}
