import { podsInBlock } from '../../../evaluate/address-index.js';
import { extentOf } from '../../addresses.js';
import { count, someOf } from '../../rule.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestFacts, ManifestRule } from '../manifest-facts.js';
import { formatPeer } from '../why-peer.js';

/** Plugins differ on whether an ipBlock matches pods, and pods change their addresses. */
export const blockCoversPods: ManifestRule = {
  code: 'block-covers-pods',
  severity: 'warning',
  what: 'An ipBlock that holds addresses of pods of these manifests: network plugins differ on whether it matches them.',
  mend: 'Select the pods by labels, and leave their addresses out of the block.',
  find: (facts) => {
    const refsOf = refsByClass(facts);
    const inBlock = podsInBlock(facts.world.classes, facts.world.options);
    return facts.policies.flatMap((policy) =>
      policy.rules.flatMap(({ peers }) =>
        (peers ?? []).flatMap((peer) => {
          const { ipBlock } = peer.peer;
          if (ipBlock === undefined || extentOf([ipBlock]) !== 'somewhere') return [];
          const refs = [...new Set(inBlock(ipBlock).flatMap(({ id }) => refsOf.get(id) ?? []))].sort();
          if (refs.length === 0 || !facts.effort.spend(refs.length)) return [];
          const message = `NetworkPolicy ${policy.ref}: ${formatPeer(peer)} holds the addresses of ${count(refs.length, 'workload')} (${someOf(refs)}), which some network plugins match by it and others do not`;
          return [{ path: placeOf(policy, [...peer.path, 'ipBlock']), message, value: formatPeer(peer) }];
        }),
      ),
    );
  },
};

/** Pods on the host network have the address of their node: a block is the only way to mean them. */
function refsByClass({ world }: ManifestFacts): ReadonlyMap<number, readonly string[]> {
  const refs = new Map<number, string[]>();
  for (const { ref, classes } of world.workloads) {
    for (const id of classes) {
      if (world.classes[id]?.onNode === true) continue;
      const list = refs.get(id);
      if (list === undefined) refs.set(id, [ref]);
      else list.push(ref);
    }
  }
  return refs;
}
