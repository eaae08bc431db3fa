import { labelKey, labelValue } from '../../model/labels.js';
import { fieldsAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** The keys and values of every matchLabels are label keys and label values. */
export const selectorLabels: PolicyRule = (policy) =>
  policy.selectors.flatMap(({ path, value }) =>
    Object.entries(fieldsAt(value, 'matchLabels')).flatMap(([key, text]) =>
      [labelKey(key), typeof text === 'string' ? labelValue(text) : undefined].flatMap((violation) =>
        violation === undefined
          ? []
          : [{ path: [...path, 'matchLabels'], ...violation, value: `${key}: ${String(text)}` }],
      ),
    ),
  );
