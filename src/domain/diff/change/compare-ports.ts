import { pairsOf } from '../../evaluate/intervals.js';
import { portSetOf, subtractPorts, type PortSet } from '../../evaluate/port-set.js';
import { PROTOCOLS, type PortRange } from '../../model/ports.js';

/** A port of a flow or of a tier: a name, a number, or both. */
type WrittenPort = string | (PortRange & { readonly name?: string });

/**
 * Written alike, port by port; what is not may still come to the same ports. Every tier and flow of two snapshots is asked, so it compares
 * the fields that a port has and looks for no others.
 * @example samePorts(['http'], [{ protocol: 'TCP', port: 80 }]) // false
 */
export function samePorts(a: readonly WrittenPort[], b: readonly WrittenPort[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!samePort(a[at], b[at])) return false;
  return true;
}

function samePort(a: WrittenPort | undefined, b: WrittenPort | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.name === b.name && a.port === b.port && a.protocol === b.protocol && a.endPort === b.endPort;
}

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
