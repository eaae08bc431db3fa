import { isSet } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** A peer says who: podSelector, namespaceSelector or ipBlock. `podSelector:` with nothing behind it is null, and says nobody. */
export const peerEmpty: PolicyRule = (policy) =>
  policy.peers.flatMap(({ path, value }) => {
    if (['podSelector', 'namespaceSelector', 'ipBlock'].some((key) => isSet(value, key))) return [];
    const detail =
      'a peer needs a podSelector, a namespaceSelector or an ipBlock; to mean all pods of the namespace, write podSelector: {}';
    return [{ path, code: 'peer-empty', detail }];
  });
