import { formatPortSet } from '../../evaluate/port-set.js';
import type { PortRule } from '../../evaluate/port-rule.js';
import { hasPort, isNoPorts } from '../../evaluate/port-set.js';
import { PORT_MAX, PORT_MIN, type Protocol } from '../../model/ports.js';
import type { LintedRule } from './linted-policy.js';

const DNS_PORTS = [53, 5353];

/** True where a rule is for name lookups only: a wide peer is no danger there. */
export function isForDnsOnly({ ports }: LintedRule): boolean {
  return (
    ports.length > 0 &&
    ports.every(({ port, endPort }) => endPort === undefined && (DNS_PORTS.includes(Number(port)) || isDnsName(port)))
  );
}

/** Pods of a DNS server mostly call their ports so. */
export function isDnsName(port: number | string | undefined): boolean {
  return typeof port === 'string' && port.startsWith('dns');
}

/** True where a rule opens DNS over a protocol: 53, or 5353 where OpenShift has it, or a port called dns. */
export function opensDns({ fixed, named }: PortRule, protocol: Protocol): boolean {
  return (
    DNS_PORTS.some((port) => hasPort(fixed, protocol, port)) || named.some((name) => name.startsWith(`${protocol}/dns`))
  );
}

/** True where a rule opens every port of TCP. */
export function opensEveryPort({ fixed }: PortRule): boolean {
  return fixed.TCP.length === 2 && fixed.TCP[0] === PORT_MIN && fixed.TCP[1] === PORT_MAX;
}

/** `on TCP 80, port "http"`, or `on every port`. */
export function formatOpens({ fixed, named }: PortRule): string {
  const text = formatPortSet(fixed);
  if (text === 'All Connections') return 'on every port';
  return `on ${[...(isNoPorts(fixed) ? [] : [text]), ...named.map((name) => `port "${name.slice(name.indexOf('/') + 1)}"`)].join(', ')}`;
}
