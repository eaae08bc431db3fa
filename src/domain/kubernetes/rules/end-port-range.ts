import { portNumber, portOrder } from '../../model/ports.js';
import { own } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** An endPort beside a numeric port is from 1 to 65535 and not below the port. */
export const endPortRange: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    const port = own(value, 'port');
    const endPort = own(value, 'endPort');
    if (typeof port !== 'number' || typeof endPort !== 'number') return [];
    return [portOrder({ port, endPort }), portNumber(endPort)].flatMap((violation) =>
      violation === undefined ? [] : [{ path: [...path, 'endPort'], ...violation, value: endPort }],
    );
  });
