import { count, someOf } from '../../rule.js';
import { withoutDns } from '../dns.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Answers that do not fit a UDP packet are asked for again over TCP. https://www.rfc-editor.org/rfc/rfc7766 */
export const dnsWithoutTcp: ManifestRule = {
  code: 'dns-without-tcp',
  severity: 'info',
  what: 'Workloads that may ask DNS over UDP only: long answers are asked for again over TCP, and fail.',
  mend: 'Allow TCP 53 beside UDP 53.',
  find: (facts) =>
    withoutDns(facts, 'only-TCP').map(({ namespace, pods, policies }) => {
      const refs = facts.pods.refs(pods);
      return {
        path: `namespace/${namespace}`,
        message: `${count(refs.length, 'workload')} of namespace ${namespace} may ask DNS over UDP, but not over TCP: ${someOf(refs)} (by ${someOf(policies)})`,
        value: someOf(refs),
      };
    }),
};
