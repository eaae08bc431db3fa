import { formatSelector, matchesEveryNamespace, matchesEveryPod } from '../../selectors.js';
import type { ModelRule } from '../model-facts.js';
import { flowsOf, peersUsed } from '../peer-use.js';

/** Whoever may make pods in any namespace may give them that label. */
export const peerLabelInAnyNamespace: ModelRule = {
  code: 'label-in-any-namespace',
  severity: 'info',
  what: 'Flows from a peer that is pods by label in whatever namespace: a pod of any team gets in by carrying the label.',
  mend: 'Name the namespace in the peer beside the pods.',
  find: (facts) =>
    peersUsed(facts, 'from', ['pods'])
      .filter(
        ({ peer }) =>
          peer.namespaceSelector !== undefined &&
          matchesEveryNamespace(peer.namespaceSelector) &&
          !matchesEveryPod(peer.podSelector),
      )
      .map(({ peer, flows }) => ({
        path: `peer/${peer.name}/namespaceSelector`,
        message: `peer "${peer.name}" is pods with ${formatSelector(peer.podSelector ?? {})} of every namespace, whoever runs them, and is let in by ${flowsOf(flows)}`,
        value: '{}',
      })),
};
