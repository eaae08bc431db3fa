import { listAt, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';
import { expressionsIn } from '../policy-walk.js';

/** In and NotIn need at least one value. */
export const expressionValuesMissing: PolicyRule = (policy) =>
  expressionsIn(policy).flatMap(({ path, value }) => {
    const operator = textAt(value, 'operator');
    if ((operator !== 'In' && operator !== 'NotIn') || listAt(value, 'values').length > 0) return [];
    return [{ path: [...path, 'values'], code: 'required', detail: `operator ${operator} needs at least one value` }];
  });
