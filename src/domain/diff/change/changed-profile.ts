import { addresses } from '../../compile/addresses.js';
import type { Reach } from '../../compile/compiled.js';
import { portSet } from '../../compile/port-sets.js';
import { canonicalSelector, podsPeer } from '../../compile/selectors.js';
import { compareText } from '../../errors.js';
import type { DnsProfile, MonitoringProfile, Profile } from '../../model/entities.js';
import { formatPort, type PortRange } from '../../model/ports.js';
import { describeReach } from '../describe-reach.js';
import type { ChangedFact, ProfileFact } from './change.js';
import { withoutPorts } from './compare-ports.js';
import { compareReach } from './compare-reach.js';
import { joinRisks, riskOf, type Difference } from './risk.js';

/** How one fact of a profile is compared and told. */
interface FactRule {
  readonly fact: ProfileFact;
  readonly compare: (before: Profile, after: Profile) => Difference;
  readonly describe: (profile: Profile) => string;
}

const FACTS: readonly FactRule[] = [
  {
    fact: 'defaultDeny',
    compare: (before, after) =>
      before.defaultDeny === after.defaultDeny ? 'same' : after.defaultDeny ? 'narrows' : 'widens',
    describe: ({ defaultDeny }) => (defaultDeny ? 'on' : 'off'),
  },
  {
    fact: 'dns',
    compare: (before, after) => compareDns(before.dns, after.dns),
    describe: ({ dns }) => describeDns(dns),
  },
  {
    fact: 'nodeCidrs',
    compare: (before, after) => compareReach(blocksOf(before.nodeCidrs), blocksOf(after.nodeCidrs)),
    describe: ({ nodeCidrs }) => describeReach(blocksOf(nodeCidrs)) || NONE,
  },
  {
    fact: 'apiServerCidrs',
    compare: (before, after) => compareReach(blocksOf(before.apiServerCidrs), blocksOf(after.apiServerCidrs)),
    describe: ({ apiServerCidrs }) => describeReach(blocksOf(apiServerCidrs)) || NONE,
  },
  {
    fact: 'monitoring',
    compare: compareMonitoring,
    describe: ({ monitoring }) => describeMonitoring(monitoring),
  },
];

const NONE = 'none';

/**
 * The facts of the cluster that differ, in the order of `PROFILE_FACTS`. A fact written another way is no change.
 * @example changedProfile(before, { ...before, dns: null })[0]?.risk // 'narrows'
 */
export function changedProfile(before: Profile, after: Profile): ChangedFact[] {
  return FACTS.flatMap(({ fact, compare, describe }) => {
    const risk = compare(before, after);
    return risk === 'same' ? [] : [{ fact, before: describe(before), after: describe(after), risk }];
  });
}

function blocksOf(cidrs: readonly string[]): Reach {
  return addresses(cidrs.map((cidr) => ({ cidr }))).blocks;
}

function compareDns(before: DnsProfile | null, after: DnsProfile | null): Difference {
  const [was, is] = [before?.ports ?? [], after?.ports ?? []];
  const ports = comparePorts(was, is);
  // Without a port no rule is rendered, whoever would serve it.
  if (before === null || after === null || was.length === 0 || is.length === 0) return ports;
  return joinRisks([ports, compareReach(dnsReach(before), dnsReach(after))]);
}

function comparePorts(before: readonly PortRange[], after: readonly PortRange[]): Difference {
  return riskOf(withoutPorts(before, after).length === 0, withoutPorts(after, before).length === 0);
}

function dnsReach({ namespaceSelector, podSelector, nodeLocalCidrs }: DnsProfile): Reach {
  const caches = addresses((nodeLocalCidrs ?? []).map((cidr) => ({ cidr }))).blocks;
  return [podsPeer(namespaceSelector, canonicalSelector(podSelector)), ...caches];
}

function describeDns(dns: DnsProfile | null): string {
  if (dns === null || dns.ports.length === 0) return NONE;
  return `${describeReach(dnsReach(dns))} on ${portSet(dns.ports).ranges.map(formatPort).join(', ')}`;
}

/** Where there is no default deny, monitoring isolates the tiers that it opens: then it cannot be told in one word. */
function compareMonitoring(before: Profile, after: Profile): Difference {
  const [was, is] = [before.monitoring, after.monitoring];
  const [old, now] = [new Set(was?.portNames), new Set(is?.portNames)];
  const names = riskOf(
    [...old].every((name) => now.has(name)),
    [...now].every((name) => old.has(name)),
  );
  const reach = was === null || is === null ? 'same' : compareReach(monitoringReach(was), monitoringReach(is));
  const difference = joinRisks([names, reach]);
  return difference === 'same' || (before.defaultDeny && after.defaultDeny) ? difference : 'both';
}

function monitoringReach({ namespaceSelector, podSelector }: MonitoringProfile): Reach {
  return [podsPeer(namespaceSelector, canonicalSelector(podSelector))];
}

function describeMonitoring(monitoring: MonitoringProfile | null): string {
  if (monitoring === null) return NONE;
  const names = [...new Set(monitoring.portNames)].sort(compareText).join(', ');
  return `${describeReach(monitoringReach(monitoring))} on ports named ${names}`;
}
