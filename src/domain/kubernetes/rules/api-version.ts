import { showValue, textAt } from '../fields.js';
import { POLICY_API_VERSIONS } from '../kinds.js';
import type { PolicyRule } from '../policy-rule.js';

/** A NetworkPolicy says which API it follows. The one before networking.k8s.io/v1 had the same fields and is read as that. */
export const apiVersion: PolicyRule = ({ object }) => {
  const version = textAt(object, 'apiVersion') ?? '';
  if (POLICY_API_VERSIONS.includes(version)) return [];
  const detail = `${showValue(version)} is not an API of NetworkPolicy: use "networking.k8s.io/v1"`;
  return [{ path: ['apiVersion'], code: 'api-version', detail, value: version }];
};
