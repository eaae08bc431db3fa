import { labelKey } from '../../model/labels.js';
import { textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** matchExpressions[].key is a label key. */
export const expressionKey: PolicyRule = (policy) =>
  policy.expressions.flatMap(({ path, value }) => {
    const key = textAt(value, 'key') ?? '';
    const violation = labelKey(key);
    return violation === undefined ? [] : [{ path: [...path, 'key'], ...violation, value: key }];
  });
