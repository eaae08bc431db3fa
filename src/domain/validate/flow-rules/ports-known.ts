import { quote } from '../../model/names.js';
import type { FlowRule } from '../flow-facts.js';
import { missing } from '../references.js';

/** A port by name is a port of the destination tier; a peer has no named ports. */
export const portsKnown: FlowRule = ({ name, flow: { to }, lists: { ports }, tiers }) => {
  if (to === undefined || ports === undefined) return [];
  const named = ports.flatMap((port, index) =>
    typeof port === 'string' ? [{ port, pointer: `#/ports/${index}` }] : [],
  );
  if ('peer' in to) return named.map(({ port, pointer }) => peerHasNoNames(name, to.peer, port, pointer));
  const have = tiers.get(to.tier)?.ports.map((port) => port.name);
  if (have === undefined) return [];
  const where = `flow "${name}" to tier "${to.tier}"`;
  return named
    .filter(({ port }) => !have.includes(port))
    .map(({ port, pointer }) => missing(pointer, 'port', port, where, have));
};

function peerHasNoNames(flow: string, peer: string, port: string, pointer: string) {
  const detail = `port ${quote(port)} in flow "${flow}" is a name, and peer "${peer}" has no named ports: write {"protocol", "port"}`;
  return { pointer, code: 'port-by-number', detail, value: port };
}
