import { quote } from './names.js';
import type { Violation } from './violation.js';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const PORT_MIN = 1;
export const PORT_MAX = 65535;

/** Pod ports, never Service ports: one port, or `port` to `endPort`, both included. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly port: number;
  readonly endPort?: number;
}

/** A port of a tier: flows refer to it by name. */
export interface NamedPort extends PortRange {
  readonly name: string;
}

/**
 * A port number: an integer from 1 to 65535.
 * @example portNumber(0) // { code: 'port-range', detail: '0 is not a port: ...' }
 */
export function portNumber(port: number): Violation | undefined {
  if (Number.isInteger(port) && port >= PORT_MIN && port <= PORT_MAX) return undefined;
  return { code: 'port-range', detail: `${port} is not a port: use a whole number from ${PORT_MIN} to ${PORT_MAX}` };
}

/**
 * A port name by RFC 6335, as Kubernetes checks it: 1 to 15 of `a-z 0-9 -`, with a letter, no `-` at an end, no `--`.
 * @example portName('http') // undefined
 */
export function portName(name: string): Violation | undefined {
  const ok = /^[a-z0-9-]{1,15}$/.test(name) && /[a-z]/.test(name) && !/^-|-$|--/.test(name);
  if (ok) return undefined;
  return {
    code: 'port-name',
    detail: `${quote(name)} is not a port name: use 1 to 15 lower-case letters, digits and single '-', with at least one letter, none of them '-' at an end`,
  };
}

/**
 * A range is not reversed: `endPort` is absent or at least `port`.
 * @example portOrder({ port: 90, endPort: 80 }) // { code: 'port-order', detail: 'endPort 80 is below port 90 ...' }
 */
export function portOrder(range: {
  readonly port: number;
  readonly endPort?: number | undefined;
}): Violation | undefined {
  if (range.endPort === undefined || range.endPort >= range.port) return undefined;
  return {
    code: 'port-order',
    detail: `endPort ${range.endPort} is below port ${range.port}: a range goes from the lower to the higher port`,
  };
}

/** The last port of a range: `endPort`, or `port` itself. */
export function lastPort(range: PortRange): number {
  return range.endPort ?? range.port;
}

/** By protocol, then port, then last port. */
export function comparePorts(a: PortRange, b: PortRange): number {
  return a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.port - b.port || lastPort(a) - lastPort(b);
}

/** As people write it: `TCP 80`, `UDP 8000-8010`. */
export function formatPort(range: PortRange): string {
  return `${range.protocol} ${range.port}${lastPort(range) > range.port ? `-${range.endPort}` : ''}`;
}
