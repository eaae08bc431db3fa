import { isSet } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** An ipBlock stands alone in its peer. (podSelector and namespaceSelector may stand together.) */
export const peerMixed: PolicyRule = (policy) =>
  policy.peers.flatMap(({ path, value }) => {
    const beside = ['podSelector', 'namespaceSelector'].filter((key) => isSet(value, key));
    if (!isSet(value, 'ipBlock') || beside.length === 0) return [];
    const detail = `an ipBlock may not stand beside ${beside.join(' and ')}: make it a peer of its own`;
    return [{ path, code: 'peer-mixed', detail }];
  });
