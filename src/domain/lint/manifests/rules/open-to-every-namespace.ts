import { matchesEveryNamespace, matchesEveryPod } from '../../selectors.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { formatOpens, isForDnsOnly } from '../rule-ports.js';

/** `namespaceSelector: {}` means every pod of the cluster, those of namespaces that are made tomorrow too. */
export const openToEveryNamespace: ManifestRule = {
  code: 'open-to-every-namespace',
  severity: 'warning',
  what: 'A peer that is every pod of every namespace (`namespaceSelector: {}`); name lookups are left out.',
  mend: 'Name the namespaces, by kubernetes.io/metadata.name or a label that only administrators set, and the pods in them.',
  find: ({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.flatMap((rule) =>
        (isForDnsOnly(rule) ? [] : (rule.peers ?? []))
          .filter(
            ({ peer }) =>
              peer.namespaceSelector !== undefined &&
              matchesEveryNamespace(peer.namespaceSelector) &&
              matchesEveryPod(peer.podSelector),
          )
          .map(({ path }) => ({
            path: placeOf(policy, [...path, 'namespaceSelector']),
            message: `NetworkPolicy ${policy.ref} ${rule.direction === 'ingress' ? 'admits' : 'lets its pods reach'} every pod of every namespace ${formatOpens(rule.opens)}`,
            value: '{}',
          })),
      ),
    ),
};
