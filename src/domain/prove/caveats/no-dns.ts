import type { Finding } from '../../finding.js';
import type { Declared } from '../declared/declared.js';
import { caveat, quoted } from './caveat.js';

/** Without DNS, callers cannot resolve the names of the tiers they may call. */
export function dnsCaveats({ hasDns, tiers }: Declared): Finding[] {
  if (hasDns) return [];
  const callers = tiers.filter(({ rules }) =>
    rules.egress.some(({ source }) => source.kind === 'flow' && source.peer === undefined),
  );
  if (callers.length === 0) return [];
  const refs = callers.map(({ ref }) => ref);
  const message = `the profile has no DNS, and nothing else is opened for it: tier ${quoted(refs)} may call other tiers, but cannot look up their names`;
  return [caveat('no-dns', 'profile/dns', message)];
}
