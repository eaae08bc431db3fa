import { pairsOf } from '../../evaluate/intervals.js';
import { portSetOf, subtractPorts, type PortSet } from '../../evaluate/port-set.js';
import { PROTOCOLS, type PortRange } from '../../model/ports.js';

/**
 * The ports of `ports` that are not in `others`, each range of the list for itself, so that single ports stay single.
 * @example withoutPorts([{ protocol: 'TCP', port: 80, endPort: 82 }], [{ protocol: 'TCP', port: 81 }]) // TCP 80 and TCP 82
 */
export function withoutPorts(ports: readonly PortRange[], others: readonly PortRange[]): readonly PortRange[] {
  if (ports.length === 0 || others.length === 0) return ports;
  const held = portSetOf(others);
  return ports.flatMap((range) => rangesOf(subtractPorts(portSetOf([range]), held)));
}

function rangesOf(ports: PortSet): PortRange[] {
  return PROTOCOLS.flatMap((protocol) =>
    pairsOf(ports[protocol]).map(([port, endPort]) =>
      port === endPort ? { protocol, port } : { protocol, port, endPort },
    ),
  );
}
