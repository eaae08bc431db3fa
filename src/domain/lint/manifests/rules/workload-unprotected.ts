import { count, someOf } from '../../rule.js';
import { livingNamespaces } from '../default-deny.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Where there are policies, a workload without one was forgotten; where there are none, no-default-deny says it all. */
export const workloadUnprotected: ManifestRule = {
  code: 'workload-unprotected',
  severity: 'warning',
  what: 'Workloads that no policy selects, in a namespace that has policies: they were forgotten.',
  mend: 'Write a policy for them, or a default deny for the namespace.',
  find: (facts) =>
    livingNamespaces(facts)
      .filter(({ policies }) => policies.length > 0)
      .flatMap(({ name, pods, policies }) => {
        const selected = new Set(
          policies.flatMap(({ selects }) => (facts.effort.spend(selects.length) ? selects : pods)),
        );
        const open = facts.pods.refs(pods.filter((pod) => !selected.has(pod)));
        if (open.length === 0) return [];
        const all = facts.pods.refs(pods).length;
        return [
          {
            path: `namespace/${name}`,
            message: `${open.length} of ${count(all, 'workload')} of namespace ${name} ${open.length === 1 ? 'is' : 'are'} selected by no policy: ${someOf(open)}`,
            value: someOf(open),
          },
        ];
      }),
};
