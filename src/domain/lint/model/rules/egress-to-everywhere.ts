import { extentOf } from '../../addresses.js';
import { blocksOf } from '../peer-blocks.js';
import { flowsOf, peersUsed } from '../peer-use.js';
import type { ModelFacts, ModelRule } from '../model-facts.js';

/** `anywhere`, or blocks that are every address together. */
export const flowToEverywhere: ModelRule = {
  code: 'egress-to-everywhere',
  severity: 'warning',
  what: 'Flows to every address: to a peer of kind `anywhere`, or to blocks that are 0.0.0.0/0 or ::/0, also in pieces.',
  mend: 'Use a peer of kind `internet`, which leaves out the private ranges, or name who is called.',
  find: (facts) =>
    peersUsed(facts, 'to', ['anywhere', 'cidr', 'internet'])
      .filter(({ peer }) => isEverywhere(peer, facts))
      .map(({ peer, flows }) => ({
        path: `peer/${peer.name}`,
        message: `peer "${peer.name}" is ${peer.kind === 'anywhere' ? 'anyone, inside and outside the cluster' : 'every address, private ones too'}, and tiers may reach it by ${flowsOf(flows)}`,
        value: peer.kind,
      })),
};

function isEverywhere(
  peer: Parameters<typeof blocksOf>[0] | { readonly kind: 'anywhere' },
  facts: ModelFacts,
): boolean {
  return peer.kind === 'anywhere' || extentOf(blocksOf(peer, facts)) === 'everywhere';
}
