import { listAt, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** Exists and DoesNotExist take no values. */
export const expressionValuesExtra: PolicyRule = (policy) =>
  policy.expressions.flatMap(({ path, value }) => {
    const operator = textAt(value, 'operator');
    if ((operator !== 'Exists' && operator !== 'DoesNotExist') || listAt(value, 'values').length === 0) return [];
    return [{ path: [...path, 'values'], code: 'values-forbidden', detail: `operator ${operator} takes no values` }];
  });
