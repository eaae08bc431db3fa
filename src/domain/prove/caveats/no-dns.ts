import type { Finding } from '../../finding.js';
import { hasPort } from '../../evaluate/port-set.js';
import type { Declared } from '../declared/declared.js';
import type { DeclaredRule } from '../declared/declared-tier.js';
import type { PortNumbers } from '../port-numbers.js';
import { caveat, quoted } from './caveat.js';

const DNS_PORTS = [53, 5353];

/** Without DNS, callers cannot resolve the names of the tiers they may call; a flow of their own to it does as well. */
export function dnsCaveats({ hasDns, tiers }: Declared, numbers: PortNumbers): Finding[] {
  if (hasDns) return [];
  const isLookup = ({ ports }: DeclaredRule): boolean =>
    DNS_PORTS.some((port) => hasPort(numbers.set(ports), 'UDP', port));
  const callers = tiers.filter(
    ({ rules }) =>
      rules.egress.some(({ source }) => source.kind === 'flow' && source.peer === undefined) &&
      !rules.egress.some(isLookup),
  );
  if (callers.length === 0) return [];
  const refs = callers.map(({ ref }) => ref);
  const message = `the profile has no DNS, and nothing else is opened for it: tier ${quoted(refs)} may call other tiers, but cannot look up their names`;
  return [caveat('no-dns', 'profile/dns', message)];
}
