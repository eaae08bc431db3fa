import { compareText } from '../errors.js';
import { formatField, showValue, textAt, type Fields } from './fields.js';
import type { FieldViolation, PolicyRule, RawPolicy } from './policy-rule.js';
import { rawPolicy } from './raw-policy.js';
import { apiVersion } from './rules/api-version.js';
import { cidrRequired } from './rules/cidr-required.js';
import { cidrValid } from './rules/cidr-valid.js';
import { endPortAlone } from './rules/end-port-alone.js';
import { endPortNamed } from './rules/end-port-named.js';
import { endPortRange } from './rules/end-port-range.js';
import { exceptInside } from './rules/except-inside.js';
import { exceptValid } from './rules/except-valid.js';
import { expressionKey } from './rules/expression-key.js';
import { expressionOperator } from './rules/expression-operator.js';
import { expressionValuesExtra } from './rules/expression-values-extra.js';
import { expressionValuesMissing } from './rules/expression-values-missing.js';
import { expressionValues } from './rules/expression-values.js';
import { objectLabels } from './rules/object-labels.js';
import { objectName } from './rules/object-name.js';
import { peerEmpty } from './rules/peer-empty.js';
import { peerMixed } from './rules/peer-mixed.js';
import { policyTypes } from './rules/policy-types.js';
import { portName } from './rules/port-name.js';
import { portNumber } from './rules/port-number.js';
import { portProtocol } from './rules/port-protocol.js';
import { selectorLabels } from './rules/selector-labels.js';
import { shape } from './rules/shape.js';

/** What the API server checks when a NetworkPolicy is created. */
export const POLICY_RULES: readonly PolicyRule[] = [
  shape,
  apiVersion,
  objectName,
  objectLabels,
  portProtocol,
  portNumber,
  portName,
  endPortRange,
  endPortAlone,
  endPortNamed,
  peerEmpty,
  peerMixed,
  cidrRequired,
  cidrValid,
  exceptValid,
  exceptInside,
  policyTypes,
  selectorLabels,
  expressionOperator,
  expressionValuesMissing,
  expressionValuesExtra,
  expressionKey,
  expressionValues,
];

/**
 * Every API rule that the object breaks as a new NetworkPolicy, sorted by field.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/validation/validation.go
 * @example validatePolicy({ apiVersion: 'networking.k8s.io/v1', metadata: { name: 'a' }, spec: { ingress: [{ ports: [{ port: 0 }] }] } })
 * // [{ path: ['spec', 'ingress', 0, 'ports', 0, 'port'], code: 'port-range', ... }]
 */
export function validatePolicy(object: Fields): readonly FieldViolation[] {
  const policy = rawPolicy(object);
  return sorted(POLICY_RULES.flatMap((rule) => rule(policy)));
}

/**
 * Every API rule that is broken where `after` replaces `before`: name and namespace stay, and an object that already had
 * label values that are none in its expressions may keep them.
 */
export function validatePolicyUpdate(before: Fields, after: Fields): readonly FieldViolation[] {
  const [old, policy] = [rawPolicy(before), rawPolicy(after)];
  const rules =
    expressionValues(old).length === 0 ? POLICY_RULES : POLICY_RULES.filter((rule) => rule !== expressionValues);
  const kept = (['name', 'namespace'] as const).flatMap((field) => immutable(old, policy, field));
  return sorted([...kept, ...rules.flatMap((rule) => rule(policy))]);
}

function immutable(before: RawPolicy, after: RawPolicy, field: 'name' | 'namespace'): FieldViolation[] {
  const [was, is] = [textAt(before.metadata, field), textAt(after.metadata, field)];
  if (was === is) return [];
  const detail = `${field} was ${showValue(was)} and cannot become ${showValue(is)}: create another object`;
  return [{ path: ['metadata', field], code: 'immutable', detail, value: is ?? null }];
}

function sorted(violations: readonly FieldViolation[]): FieldViolation[] {
  return [...violations].sort(
    (a, b) =>
      compareText(formatField(a.path), formatField(b.path)) ||
      compareText(a.code, b.code) ||
      compareText(a.detail, b.detail),
  );
}
