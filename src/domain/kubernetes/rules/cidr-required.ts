import type { PolicyRule } from '../policy-rule.js';
import { blocksIn, isSet } from '../policy-walk.js';

/** An ipBlock has a cidr. */
export const cidrRequired: PolicyRule = (policy) =>
  blocksIn(policy).flatMap(({ path, value }) =>
    isSet(value, 'cidr') && value['cidr'] !== ''
      ? []
      : [{ path: [...path, 'cidr'], code: 'required', detail: 'an ipBlock needs a cidr, as in 10.0.0.0/8' }],
  );
