import type { DnsProfile, MonitoringProfile } from '../../model/entities.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import { podSet } from '../pods/pod-set.js';
import { addressesOf } from './addresses.js';
import type { DeclaredRule, Source } from './declared-tier.js';
import { addressesEnd, podsEnd } from './ends.js';
import type { Gathering } from './gathering.js';

const DNS: Source = { kind: 'profile', fact: 'dns' };
const MONITORING: Source = { kind: 'profile', fact: 'monitoring' };

/** Every tier may ask the DNS pods and the caches on its node. */
export function addDns(tiers: Iterable<Gathering>, dns: DnsProfile | null, numbers: PortNumbers): void {
  const ports = dns === null ? NONE : numbers.ofRanges(dns.ports);
  if (dns === null || ports === NONE) return;
  const pods = podsEnd(podSet(dns.namespaceSelector, dns.podSelector));
  const caches = addressesEnd(addressesOf((dns.nodeLocalCidrs ?? []).map((cidr) => ({ cidr }))));
  const ends = caches === undefined ? [pods] : [pods, caches];
  const rules = ends.map((end): DeclaredRule => ({ end, ports, source: DNS }));
  for (const tier of tiers) tier.rules.egress.push(...rules);
}

/** Those who scrape may reach the ports of every tier that have one of the watched names. */
export function addMonitoring(
  tiers: Iterable<Gathering>,
  monitoring: MonitoringProfile | null,
  numbers: PortNumbers,
): void {
  if (monitoring === null) return;
  const end = podsEnd(podSet(monitoring.namespaceSelector, monitoring.podSelector));
  for (const { placed, rules } of tiers) {
    const ports = numbers.ofRanges(placed.ports.filter(({ name }) => monitoring.portNames.includes(name)));
    if (ports !== NONE) rules.ingress.push({ end, ports, source: MONITORING });
  }
}
