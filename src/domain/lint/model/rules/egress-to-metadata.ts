import { lastPort } from '../../../model/ports.js';
import { extentOf, holdsMetadata } from '../../addresses.js';
import { blocksOf } from '../peer-blocks.js';
import { flowsOf, peersUsed } from '../peer-use.js';
import { portsOf, type LintedFlow, type ModelRule } from '../model-facts.js';

/** Whoever can make a pod call an address of its choice reads the node's credentials there. */
export const flowToMetadata: ModelRule = {
  code: 'egress-to-metadata',
  severity: 'warning',
  what: 'Flows on TCP 80 to a peer whose wide block holds 169.254.169.254, where clouds hand out credentials, but is not everything.',
  mend: 'Add 169.254.0.0/16 to the excepts of the peer.',
  find: (facts) =>
    peersUsed(facts, 'to', ['cidr', 'internet']).flatMap(({ peer, flows }) => {
      const blocks = blocksOf(peer, facts);
      const onHttp = flows.filter(opensHttp);
      if (onHttp.length === 0 || extentOf(blocks) === 'everywhere' || !holdsMetadata(blocks)) return [];
      return [
        {
          path: `peer/${peer.name}`,
          message: `peer "${peer.name}" holds 169.254.169.254, the metadata service of most clouds, and tiers may reach it on TCP 80 by ${flowsOf(onHttp)}`,
          value: '169.254.169.254',
        },
      ];
    }),
};

function opensHttp(flow: LintedFlow): boolean {
  return portsOf(flow).some((port) => port.protocol === 'TCP' && port.port <= 80 && 80 <= lastPort(port));
}
