import { isDeniedByDefault, livingNamespaces } from '../default-deny.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Many begin with ingress; a namespace that denies neither has one finding, not two. */
export const noDefaultDenyEgress: ManifestRule = {
  code: 'no-default-deny-egress',
  severity: 'info',
  what: 'A namespace that denies ingress by default, but not egress: a workload that is taken over may call anyone.',
  mend: 'Allow the egress that is needed, DNS first, then add Egress to the policyTypes of the default deny.',
  find: (facts) =>
    livingNamespaces(facts)
      .filter((namespace) => isDeniedByDefault(namespace, 'ingress') && !isDeniedByDefault(namespace, 'egress'))
      .map(({ name }) => ({
        path: `namespace/${name}`,
        message: `namespace ${name} denies ingress by default, but not egress: a workload that no policy selects may call anyone`,
      })),
};
