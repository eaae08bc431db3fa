import { labelKey, labelValue } from '../../model/labels.js';
import { fieldsAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** metadata.labels are labels, and the keys of metadata.annotations are qualified names (in any case). */
export const objectLabels: PolicyRule = ({ metadata }) => [
  ...Object.entries(fieldsAt(metadata, 'labels')).flatMap(([key, value]) => {
    const violations = [labelKey(key), typeof value === 'string' ? labelValue(value) : undefined];
    return violations.flatMap((violation) =>
      violation === undefined ? [] : [{ path: ['metadata', 'labels', key], ...violation, value }],
    );
  }),
  ...Object.keys(fieldsAt(metadata, 'annotations')).flatMap((key) => {
    const violation = labelKey(key.toLowerCase());
    return violation === undefined
      ? []
      : [{ path: ['metadata', 'annotations', key], ...violation, code: 'annotation-key', value: key }];
  }),
];
