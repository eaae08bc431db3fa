import { labelValue } from '../../model/labels.js';
import { listAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** matchExpressions[].values are label values. On an update the server lets an object that already broke this keep it. */
export const expressionValues: PolicyRule = (policy) =>
  policy.expressions.flatMap(({ path, value }) =>
    listAt(value, 'values').flatMap((text, index) => {
      const violation = typeof text === 'string' ? labelValue(text) : undefined;
      return violation === undefined ? [] : [{ path: [...path, 'values', index], ...violation, value: text }];
    }),
  );
