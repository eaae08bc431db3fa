import { isSet } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** An ipBlock has a cidr. */
export const cidrRequired: PolicyRule = (policy) =>
  policy.blocks.flatMap(({ path, value }) =>
    isSet(value, 'cidr') && value['cidr'] !== ''
      ? []
      : [{ path: [...path, 'cidr'], code: 'required', detail: 'an ipBlock needs a cidr, as in 10.0.0.0/8' }],
  );
