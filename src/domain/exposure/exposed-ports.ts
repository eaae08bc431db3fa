import { compareText } from '../errors.js';
import type { PortRule } from '../evaluate/port-rule.js';
import { formatPortSet, isNoPorts, NO_PORTS, subtractPorts, unionPorts, type PortSet } from '../evaluate/port-set.js';
import { PORT_MAX, PORT_MIN, PROTOCOLS, type Protocol } from '../model/ports.js';

/** Ports as a rule has them: by number, and by names that a pod not yet there would give a number. */
export type ExposedPorts = PortRule;

export const NOTHING: ExposedPorts = { fixed: NO_PORTS, named: [] };

export function isNothing({ fixed, named }: ExposedPorts): boolean {
  return named.length === 0 && isNoPorts(fixed);
}

/** What is in `a` or in `b`; a name adds nothing where every port of its protocol is in. */
export function unionExposed(a: ExposedPorts, b: ExposedPorts): ExposedPorts {
  const fixed = unionPorts(a.fixed, b.fixed);
  const named = [...new Set([...a.named, ...b.named])].filter((name) => !isEvery(fixed, protocolOf(name)));
  return { fixed, named: named.sort(compareText) };
}

/** What is in `a` and not in `b`, whatever numbers the names turn out to be. */
export function subtractExposed(a: ExposedPorts, b: ExposedPorts): ExposedPorts {
  const named = a.named.filter((name) => !b.named.includes(name) && !isEvery(b.fixed, protocolOf(name)));
  return { fixed: subtractPorts(a.fixed, b.fixed), named };
}

/**
 * As formatPortSet; names stand after the numbers of their protocol.
 * @example formatExposed({ fixed: portSetOf([{ protocol: 'TCP', port: 80 }]), named: ['TCP/http'] }) // 'TCP 80,http'
 */
export function formatExposed({ fixed, named }: ExposedPorts): string {
  if (named.length === 0) return formatPortSet(fixed);
  const parts = PROTOCOLS.flatMap((protocol) => {
    const names = named.filter((name) => protocolOf(name) === protocol).map((name) => name.slice(protocol.length + 1));
    const numbers = fixed[protocol].length === 0 ? [] : [numbersOf(fixed, protocol)];
    const all = [...numbers, ...names].join(',');
    return all === '' ? [] : [`${protocol} ${all}`];
  });
  return parts.join(',');
}

function numbersOf(ports: PortSet, protocol: Protocol): string {
  return formatPortSet({ ...NO_PORTS, [protocol]: ports[protocol] }).slice(protocol.length + 1);
}

function protocolOf(name: string): Protocol {
  return name.slice(0, name.indexOf('/')) as Protocol;
}

function isEvery(ports: PortSet, protocol: Protocol): boolean {
  const [first, last] = ports[protocol];
  return first === PORT_MIN && last === PORT_MAX;
}
