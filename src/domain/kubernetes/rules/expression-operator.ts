import { OPERATORS } from '../../model/selector.js';
import { own, showValue, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** matchExpressions[].operator is In, NotIn, Exists or DoesNotExist, written so. */
export const expressionOperator: PolicyRule = (policy) =>
  policy.expressions.flatMap(({ path, value }) => {
    const operator = textAt(value, 'operator');
    if (OPERATORS.some((known) => known === operator)) return [];
    const detail = `${showValue(own(value, 'operator'))} is not an operator: use "In", "NotIn", "Exists" or "DoesNotExist"`;
    return [{ path: [...path, 'operator'], code: 'operator', detail, value: operator ?? null }];
  });
