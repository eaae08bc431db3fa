import { portName as grammar } from '../../model/ports.js';
import { textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** A ports[].port that is text is a port name: `port: "80"` is none, as it has no letter. */
export const portName: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    const port = textAt(value, 'port');
    const violation = port === undefined ? undefined : grammar(port);
    return violation === undefined ? [] : [{ path: [...path, 'port'], ...violation, value: port }];
  });
