import { isFields, listAt, own, type FieldPath, type Fields } from './fields.js';
import type { RawPolicy } from './policy-rule.js';

/** A mapping inside a policy, and where it stands. */
export interface Placed {
  readonly path: FieldPath;
  readonly value: Fields;
}

/** Every ingress and egress rule. */
export function rulesIn({ spec }: RawPolicy): Placed[] {
  return [...itemsOf(spec, ['spec'], 'ingress'), ...itemsOf(spec, ['spec'], 'egress')];
}

/** Every item of every rule's `ports`. */
export function portsIn(policy: RawPolicy): Placed[] {
  return rulesIn(policy).flatMap(({ value, path }) => itemsOf(value, path, 'ports'));
}

/** Every item of every `from` and `to`. */
export function peersIn(policy: RawPolicy): Placed[] {
  return rulesIn(policy).flatMap(({ value, path }) => itemsOf(value, path, path[1] === 'ingress' ? 'from' : 'to'));
}

/** Every ipBlock. */
export function blocksIn(policy: RawPolicy): Placed[] {
  return peersIn(policy).flatMap(({ value, path }) => fieldOf(value, path, 'ipBlock'));
}

/** Every label selector: spec.podSelector and those of the peers. */
export function selectorsIn(policy: RawPolicy): Placed[] {
  const peers = peersIn(policy).flatMap(({ value, path }) => [
    ...fieldOf(value, path, 'podSelector'),
    ...fieldOf(value, path, 'namespaceSelector'),
  ]);
  return [...fieldOf(policy.spec, ['spec'], 'podSelector'), ...peers];
}

/** Every item of every selector's matchExpressions. */
export function expressionsIn(policy: RawPolicy): Placed[] {
  return selectorsIn(policy).flatMap(({ value, path }) => itemsOf(value, path, 'matchExpressions'));
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

/** True where a field is there and not null. */
export function isSet(fields: Fields, key: string): boolean {
  return own(fields, key) !== undefined && own(fields, key) !== null;
}
