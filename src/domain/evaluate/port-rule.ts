import type { NetworkPolicyPort } from '../kubernetes/network-policy.js';
import type { Protocol } from '../model/ports.js';
import type { EvaluateOptions } from './options.js';
import type { PodClass } from './pod-class.js';
import { ALL_PORTS, everyPortOf, NO_PORTS, portSetOf, unionPorts, type PortSet } from './port-set.js';

/** The ports of one rule: what is fixed by number, and what the destination's names decide. */
export interface PortRule {
  readonly key: string;
  readonly fixed: PortSet;
  readonly named: readonly string[];
}

/**
 * Reads a rule's `ports`. Missing or empty: every port of every protocol; an item without `port`: every port of its protocol;
 * an item without `protocol`: TCP.
 */
export function portRule(
  ports: readonly NetworkPolicyPort[] | undefined,
  ranges: EvaluateOptions['endPort'],
): PortRule {
  if (ports === undefined || ports.length === 0) return { key: '*', fixed: ALL_PORTS, named: [] };
  let fixed = NO_PORTS;
  const named: string[] = [];
  for (const { protocol = 'TCP', port, endPort } of ports) {
    if (typeof port === 'string') named.push(`${protocol}/${port}`);
    else fixed = unionPorts(fixed, numbered(protocol, port, ranges === 'range' ? endPort : undefined));
  }
  named.sort();
  return { key: JSON.stringify([fixed, named]), fixed, named };
}

function numbered(protocol: Protocol, port: number | undefined, endPort: number | undefined): PortSet {
  if (port === undefined) return everyPortOf(protocol);
  return portSetOf([{ protocol, port, ...(endPort === undefined ? {} : { endPort }) }]);
}

/** The ports the rule means at this destination. Names are those of the destination's pods; outside the cluster there are none. */
export function portsAt(rule: PortRule, destination: PodClass | undefined): PortSet {
  if (rule.named.length === 0 || destination === undefined) return rule.fixed;
  const ranges = rule.named.flatMap((name) => {
    const protocol = name.slice(0, name.indexOf('/')) as Protocol;
    return (destination.namedPorts.get(name) ?? []).map((port) => ({ protocol, port }));
  });
  return unionPorts(rule.fixed, portSetOf(ranges));
}
