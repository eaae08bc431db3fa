import { count } from '../../rule.js';
import { isDeniedByDefault, livingNamespaces } from '../default-deny.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Without it, a workload that nobody thought of is open to everyone. */
export const noDefaultDeny: ManifestRule = {
  code: 'no-default-deny',
  severity: 'warning',
  what: 'A namespace with workloads in which no policy denies ingress by default. The namespaces of the cluster itself are left out.',
  mend: 'Add a policy with podSelector: {} and policyTypes: [Ingress, Egress] and no rules, after the policies that allow what is needed.',
  find: (facts) =>
    livingNamespaces(facts)
      .filter((namespace) => !isDeniedByDefault(namespace, 'ingress'))
      .map(({ name, pods, policies }) => {
        const has =
          policies.length === 0
            ? 'no policy at all'
            : `no policy that denies ingress by default, among ${policies.length}`;
        const workloads = count(facts.pods.refs(pods).length, 'workload');
        return {
          path: `namespace/${name}`,
          message: `namespace ${name} has ${workloads} and ${has}: a workload that no policy selects is open to everyone`,
        };
      }),
};
