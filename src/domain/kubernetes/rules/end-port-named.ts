import { isSet, own, showValue, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** No endPort beside a named port: only numbers make a range. */
export const endPortNamed: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    const port = textAt(value, 'port');
    if (port === undefined || !isSet(value, 'endPort')) return [];
    const detail = `endPort stands beside the named port ${showValue(port)}: only a numeric port can begin a range`;
    return [{ path: [...path, 'endPort'], code: 'end-port-named', detail, value: own(value, 'endPort') }];
  });
