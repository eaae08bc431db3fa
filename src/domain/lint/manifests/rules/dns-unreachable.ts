import { count, someOf } from '../../rule.js';
import { withoutDns } from '../dns.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Denying egress denies name lookups: the calls that are allowed then fail for want of an address. */
export const dnsUnreachable: ManifestRule = {
  code: 'dns-unreachable',
  severity: 'warning',
  what: 'Workloads isolated for egress that may call others, but cannot look up names: no rule opens UDP 53 to DNS.',
  mend: 'Add an egress rule to pods k8s-app=kube-dns in namespace kube-system on UDP and TCP 53 (OpenShift: 5353 in openshift-dns).',
  find: (facts) =>
    withoutDns(facts, 'UDP').map(({ namespace, pods, policies }) => {
      const refs = facts.pods.refs(pods);
      return {
        path: `namespace/${namespace}`,
        message: `${count(refs.length, 'workload')} of namespace ${namespace} may call others and cannot look up their names: ${someOf(refs)}; nothing in ${someOf(policies)} opens UDP 53 to DNS`,
        value: someOf(refs),
      };
    }),
};
