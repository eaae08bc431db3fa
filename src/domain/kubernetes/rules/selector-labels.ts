import { labelKey, labelValue } from '../../model/labels.js';
import { fieldsAt } from '../fields.js';
import type { FieldViolation, Placed, PolicyRule } from '../policy-rule.js';

/** The keys and values of every matchLabels are label keys and label values. */
export const selectorLabels: PolicyRule = (policy) => {
  const found: FieldViolation[] = [];
  for (const selector of policy.selectors) checkSelector(selector, found);
  return found;
};

function checkSelector({ path, value }: Placed, found: FieldViolation[]): void {
  for (const [key, text] of Object.entries(fieldsAt(value, 'matchLabels'))) {
    for (const violation of [labelKey(key), typeof text === 'string' ? labelValue(text) : undefined]) {
      if (violation === undefined) continue;
      found.push({ path: [...path, 'matchLabels'], ...violation, value: `${key}: ${String(text)}` });
    }
  }
}
