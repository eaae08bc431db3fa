import { own, showValue, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';
import { isSet, portsIn } from '../policy-walk.js';

/** No endPort beside a named port: only numbers make a range. */
export const endPortNamed: PolicyRule = (policy) =>
  portsIn(policy).flatMap(({ path, value }) => {
    const port = textAt(value, 'port');
    if (port === undefined || !isSet(value, 'endPort')) return [];
    const detail = `endPort stands beside the named port ${showValue(port)}: only a numeric port can begin a range`;
    return [{ path: [...path, 'endPort'], code: 'end-port-named', detail, value: own(value, 'endPort') }];
  });
