import { formatSelector, matchesEveryNamespace, matchesEveryPod } from '../../selectors.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Whoever may make pods in any namespace may give them that label. */
export const labelInAnyNamespace: ManifestRule = {
  code: 'label-in-any-namespace',
  severity: 'info',
  what: 'An ingress peer that is pods by label in whatever namespace: a pod of any team gets in by carrying the label.',
  mend: 'Name the namespace beside the pods, by kubernetes.io/metadata.name.',
  find: ({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules
        .filter(({ direction }) => direction === 'ingress')
        .flatMap(({ peers }) =>
          (peers ?? [])
            .filter(
              ({ peer }) =>
                peer.namespaceSelector !== undefined &&
                matchesEveryNamespace(peer.namespaceSelector) &&
                !matchesEveryPod(peer.podSelector),
            )
            .map(({ path, peer }) => ({
              path: placeOf(policy, [...path, 'namespaceSelector']),
              message: `NetworkPolicy ${policy.ref} admits pods with ${formatSelector(peer.podSelector ?? {})} from every namespace, whoever runs them`,
              value: '{}',
            })),
        ),
    ),
};
