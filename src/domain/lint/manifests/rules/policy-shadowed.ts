import { someOf } from '../../rule.js';
import type { ManifestRule } from '../manifest-facts.js';
import { removablePolicies } from '../cover/removable.js';

/** A default deny beside a policy that admits the whole namespace is one: it denies nothing that the other one would not. */
export const policyShadowed: ManifestRule = {
  code: 'policy-shadowed',
  severity: 'info',
  what: 'A policy that others cover: they isolate the same pods and allow all that it allows. Removing it changes no connection.',
  mend: 'Remove it, or narrow those that cover it, if it was meant to be narrower.',
  find: (facts) =>
    removablePolicies(facts)
      .filter(({ isDuplicate }) => !isDuplicate)
      .map(({ policy, by }) => {
        const names = someOf(by.map(({ ref }) => ref));
        const adds = policy.rules.length === 0 ? 'denies nothing that' : 'allows nothing that';
        return {
          path: policy.ref,
          message: `NetworkPolicy ${policy.ref} ${adds} ${names} ${by.length === 1 ? 'does' : 'do'} not: removing it changes no connection`,
        };
      }),
};
