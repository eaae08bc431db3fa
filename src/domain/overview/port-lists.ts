import { portSet } from '../compile/port-sets.js';
import type { PortRange } from '../model/ports.js';

/**
 * The ports of all lists as compile writes them: sorted, without repeats, without names.
 * @example joinPorts([[{ name: 'http', protocol: 'TCP', port: 80 }], []]) // [{ protocol: 'TCP', port: 80 }]
 */
export function joinPorts(lists: readonly (readonly PortRange[])[]): readonly PortRange[] {
  return portSet(lists.flat()).ranges;
}
