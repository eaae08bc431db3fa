import { cidr as grammar } from '../../model/cidr.js';
import { lenientCidr } from '../cidr-text.js';
import { textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** ipBlock.cidr is a CIDR: a bare address is none. What only strict readers refuse is a warning, not a violation. */
export const cidrValid: PolicyRule = (policy) =>
  policy.blocks.flatMap(({ path, value }) => {
    const text = textAt(value, 'cidr') ?? '';
    if (text === '' || lenientCidr(text) !== undefined) return [];
    const { code, detail } = grammar(text) ?? { code: 'cidr', detail: `"${text}" is not a CIDR` };
    return [{ path: [...path, 'cidr'], code, detail, value: text }];
  });
