import { matchesEveryNamespace, matchesEveryPod } from '../../selectors.js';
import type { ModelRule } from '../model-facts.js';
import { flowsOf, peersUsed } from '../peer-use.js';

const ENDS = ['from', 'to'] as const;

/** Every pod of the cluster, those of namespaces that are made tomorrow too. */
export const peerOpenToEveryNamespace: ModelRule = {
  code: 'open-to-every-namespace',
  severity: 'warning',
  what: 'Flows from or to a peer that is every pod of every namespace (`namespaceSelector: {}`).',
  mend: 'Name the namespaces in the peer, by kubernetes.io/metadata.name or a label that only administrators set, and the pods in them.',
  find: (facts) =>
    ENDS.flatMap((end) =>
      peersUsed(facts, end, ['pods'])
        .filter(
          ({ peer }) =>
            peer.namespaceSelector !== undefined &&
            matchesEveryNamespace(peer.namespaceSelector) &&
            matchesEveryPod(peer.podSelector),
        )
        .map(({ peer, flows }) => ({
          path: `peer/${peer.name}/namespaceSelector`,
          message: `peer "${peer.name}" is every pod of every namespace, and is ${end === 'from' ? 'let in' : 'reached'} by ${flowsOf(flows)}`,
          value: '{}',
        })),
    ),
};
