import { compareText } from '../../../errors.js';
import { count } from '../../rule.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Policies alone can be judged by what they say, not by whom they select: better one word on that than a finding a policy. */
export const workloadsNotGiven: ManifestRule = {
  code: 'workloads-not-given',
  severity: 'info',
  what: 'Policies of a namespace of which no workload is among the manifests: whom they select was not asked.',
  mend: 'Send the workloads, Services and Namespaces with the policies.',
  find: ({ policies, pods }) => {
    const counts = new Map<string, number>();
    for (const { namespace } of policies)
      if (!pods.isSeen(namespace)) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    return [...counts]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, number]) => ({
        path: `namespace/${name}`,
        message: `no workload of namespace ${name} is among the manifests: whom its ${count(number, 'policy', 'policies')} ${number === 1 ? 'selects' : 'select'} was not asked`,
      }));
  },
};
