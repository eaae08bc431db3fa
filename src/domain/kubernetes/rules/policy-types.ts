import { listAt, showValue } from '../fields.js';
import type { FieldViolation, PolicyRule } from '../policy-rule.js';

/** At most two policyTypes, each Ingress or Egress. Too many are one violation, whatever they are; duplicates pass. */
export const policyTypes: PolicyRule = ({ spec }) => {
  const types = listAt(spec, 'policyTypes');
  if (types.length > 2) {
    const detail = `there are ${types.length} policyTypes: at most "Ingress" and "Egress" can be named`;
    return [{ path: ['spec', 'policyTypes'], code: 'policy-types', detail }];
  }
  return types.flatMap((type, index): FieldViolation[] => {
    if (typeof type !== 'string' || type === 'Ingress' || type === 'Egress') return [];
    const detail = `${showValue(type)} is not a policy type: use "Ingress" or "Egress"`;
    return [{ path: ['spec', 'policyTypes', index], code: 'policy-type', detail, value: type }];
  });
};
