import { portNumber as grammar } from '../../model/ports.js';
import { own } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** A numeric ports[].port is from 1 to 65535. */
export const portNumber: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    const port = own(value, 'port');
    const violation = typeof port === 'number' ? grammar(port) : undefined;
    return violation === undefined ? [] : [{ path: [...path, 'port'], ...violation, value: port }];
  });
