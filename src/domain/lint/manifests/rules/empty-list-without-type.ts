import { placeOf, TYPES } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

const DIRECTIONS = ['ingress', 'egress'] as const;

/** `egress: []` without policyTypes reads like a denial, and is none: the type Egress is only assumed where there is an egress rule. */
export const emptyListWithoutType: ManifestRule = {
  code: 'empty-list-without-type',
  severity: 'warning',
  what: 'An empty list of rules (`egress: []`) of a direction that policyTypes leaves out: it denies nothing.',
  mend: 'Add the direction to policyTypes to deny it, or remove the empty list.',
  find: ({ policies }) =>
    policies.flatMap((policy) =>
      DIRECTIONS.filter(
        (direction) => policy.policy.spec[direction]?.length === 0 && !policy.directions.includes(direction),
      ).map((direction) => ({
        path: placeOf(policy, ['spec', direction]),
        message: `NetworkPolicy ${policy.ref}: ${direction}: [] denies nothing, as its policyTypes (${policy.policy.spec.policyTypes.join(', ')}) do not name ${TYPES[direction]}: ${direction} stays as open as it is without this policy`,
        value: '[]',
        mend: `Add ${TYPES[direction]} to policyTypes to deny ${direction}, or remove the empty list.`,
      })),
    ),
};
