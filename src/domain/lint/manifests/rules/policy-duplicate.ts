import type { ManifestRule } from '../manifest-facts.js';
import { removablePolicies } from '../cover/removable.js';

/** The same words, or other words for the same. */
export const policyDuplicate: ManifestRule = {
  code: 'policy-duplicate',
  severity: 'warning',
  what: 'A policy that says what another one says: same pods, same directions, same connections. Removing it changes no connection.',
  mend: 'Remove one of the two.',
  find: (facts) =>
    removablePolicies(facts)
      .filter(({ isDuplicate }) => isDuplicate)
      .map(({ policy, by }) => ({
        path: policy.ref,
        message: `NetworkPolicy ${policy.ref} says what ${by.map(({ ref }) => ref).join()} says: removing it changes no connection`,
        mend: `Remove ${policy.ref}; ${by.map(({ ref }) => ref).join()} does all of it.`,
      })),
};
