import { PROTOCOLS } from '../../model/ports.js';
import { showValue, textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** ports[].protocol is TCP, UDP or SCTP, in capitals. */
export const portProtocol: PolicyRule = (policy) =>
  policy.ports.flatMap(({ path, value }) => {
    const protocol = textAt(value, 'protocol');
    if (protocol === undefined || PROTOCOLS.some((known) => known === protocol)) return [];
    const detail = `${showValue(protocol)} is not a protocol of NetworkPolicy: use "SCTP", "TCP" or "UDP"`;
    return [{ path: [...path, 'protocol'], code: 'protocol', detail, value: protocol }];
  });
