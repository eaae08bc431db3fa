import { cidr as grammar } from '../../model/cidr.js';
import { lenientCidr } from '../cidr-text.js';
import { listAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** Each ipBlock.except is a CIDR. */
export const exceptValid: PolicyRule = (policy) =>
  policy.blocks.flatMap(({ path, value }) =>
    listAt(value, 'except').flatMap((text, index) => {
      if (typeof text !== 'string' || lenientCidr(text) !== undefined) return [];
      const { code, detail } = grammar(text) ?? { code: 'cidr', detail: `"${text}" is not a CIDR` };
      return [{ path: [...path, 'except', index], code, detail, value: text }];
    }),
  );
