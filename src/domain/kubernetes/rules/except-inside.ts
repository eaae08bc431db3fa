import { contains } from '../../model/cidr.js';
import { lenientCidr } from '../cidr-text.js';
import { listAt, showValue, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** Each ipBlock.except is a strict subset of the cidr: contained, of the same family, with a longer prefix. */
export const exceptInside: PolicyRule = (policy) =>
  policy.blocks.flatMap(({ path, value }) => {
    const outer = lenientCidr(textAt(value, 'cidr') ?? '')?.cidr;
    if (outer === undefined) return [];
    return listAt(value, 'except').flatMap((text, index) => {
      const inner = typeof text === 'string' ? lenientCidr(text)?.cidr : undefined;
      if (inner === undefined || (contains(outer, inner) && inner.prefix > outer.prefix)) return [];
      const detail = `${showValue(text)} is not a strict subset of ${showValue(value['cidr'])}: use a smaller block within it`;
      return [{ path: [...path, 'except', index], code: 'cidr-except', detail, value: text }];
    });
  });
