import { PORT_MAX, PORT_MIN, lastPort, type PortRange } from '../../../model/ports.js';
import { extentOf } from '../../addresses.js';
import { blocksOf } from '../peer-blocks.js';
import { peersUsed } from '../peer-use.js';
import { portsOf, type ModelRule } from '../model-facts.js';

/** Who may call the internet mostly needs 443. */
export const flowOnEveryPort: ModelRule = {
  code: 'egress-on-every-port',
  severity: 'info',
  what: 'A flow to the whole internet on every port of TCP.',
  mend: 'Name the ports that are called; mostly TCP 443.',
  find: (facts) =>
    peersUsed(facts, 'to', ['cidr', 'internet'])
      .filter(({ peer }) => extentOf(blocksOf(peer, facts)) === 'internet')
      .flatMap(({ peer, flows }) =>
        flows
          .filter((linted) => portsOf(linted).some(isEveryPort))
          .map(({ flow }) => ({
            path: `flow/${flow.name}/ports`,
            message: `flow "${flow.name}" leads to the whole internet (peer "${peer.name}") on every port of TCP`,
          })),
      ),
};

function isEveryPort(range: PortRange): boolean {
  return range.protocol === 'TCP' && range.port === PORT_MIN && lastPort(range) === PORT_MAX;
}
