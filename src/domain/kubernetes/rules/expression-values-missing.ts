import { listAt, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** In and NotIn need at least one value. */
export const expressionValuesMissing: PolicyRule = (policy) =>
  policy.expressions.flatMap(({ path, value }) => {
    const operator = textAt(value, 'operator');
    if ((operator !== 'In' && operator !== 'NotIn') || listAt(value, 'values').length > 0) return [];
    return [{ path: [...path, 'values'], code: 'required', detail: `operator ${operator} needs at least one value` }];
  });
