import { isSet, own } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** No endPort without a port: a range needs its beginning. */
export const endPortAlone: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    if (!isSet(value, 'endPort') || isSet(value, 'port')) return [];
    const endPort = own(value, 'endPort');
    const detail = `endPort ${String(endPort)} has no port: a range needs both its ends`;
    return [{ path: [...path, 'endPort'], code: 'end-port-alone', detail, value: endPort }];
  });
