import { pairsOf } from '../evaluate/intervals.js';
import type { PortSet } from '../evaluate/port-set.js';
import { PROTOCOLS, type PortRange } from '../model/ports.js';

/**
 * The ranges of a set of ports, by protocol and number: as the model writes ports.
 * @example portRanges(portSetOf([{ protocol: 'TCP', port: 80 }])) // [{ protocol: 'TCP', port: 80 }]
 */
export function portRanges(ports: PortSet): PortRange[] {
  return PROTOCOLS.flatMap((protocol) =>
    pairsOf(ports[protocol]).map(([port, last]) => ({ protocol, port, ...(last > port ? { endPort: last } : {}) })),
  );
}
