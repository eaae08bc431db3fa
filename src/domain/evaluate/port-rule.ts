import type { NetworkPolicyPort } from '../kubernetes/network-policy.js';
import { PORT_MAX, PORT_MIN, type PortRange, type Protocol } from '../model/ports.js';
import type { EvaluateOptions } from './options.js';
import type { PodClass } from './pod-class.js';
import { ALL_PORTS, portSetOf, unionPorts, type PortSet } from './port-set.js';

/** The ports of one rule: what is fixed by number, and what the destination's names decide. Equal ones are one object. */
export interface PortRule {
  readonly fixed: PortSet;
  readonly named: readonly string[];
}

/** Every port of every protocol. */
export const EVERY_PORT: PortRule = { fixed: ALL_PORTS, named: [] };

/** Reads a rule's `ports`, each distinct list once. Most rules have one of few lists, which are mostly one object each. */
export function portRules(
  ends: EvaluateOptions['endPort'],
): (ports: readonly NetworkPolicyPort[] | undefined) => PortRule {
  const byList = new Map<readonly NetworkPolicyPort[], PortRule>();
  const known = new Map<string, PortRule>();
  return (ports) => {
    if (ports === undefined || ports.length === 0) return EVERY_PORT;
    const same = byList.get(ports);
    if (same !== undefined) return same;
    const items = ports.map(
      ({ protocol = 'TCP', port = '', endPort = '' }) => `${protocol} ${typeof port} ${port} ${endPort}`,
    );
    const key = items.sort().join();
    const rule = known.get(key) ?? portRule(ports, ends);
    known.set(key, rule);
    byList.set(ports, rule);
    return rule;
  };
}

/** An item without `port` means every port of its protocol; an item without `protocol` means TCP. */
function portRule(ports: readonly NetworkPolicyPort[], ends: EvaluateOptions['endPort']): PortRule {
  const named = new Set<string>();
  const fixed: PortRange[] = [];
  for (const { protocol = 'TCP', port, endPort } of ports) {
    if (typeof port === 'string') named.add(`${protocol}/${port}`);
    else if (port === undefined) fixed.push({ protocol, port: PORT_MIN, endPort: PORT_MAX });
    else fixed.push({ protocol, port, ...(endPort === undefined || ends === 'first-port' ? {} : { endPort }) });
  }
  return { fixed: portSetOf(fixed), named: [...named] };
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
