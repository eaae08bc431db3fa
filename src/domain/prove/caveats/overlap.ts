import type { Finding } from '../../finding.js';
import type { DeclaredTier } from '../declared/declared-tier.js';
import type { Overlaps } from '../probes/overlaps.js';
import { caveat, quoted } from './caveat.js';

/** Tiers that could share pods, one caveat for each tier that comes first. */
export function overlapCaveats({ pairs, unchecked }: Overlaps): Finding[] {
  const others = new Map<DeclaredTier, string[]>();
  for (const [one, other] of pairs) {
    const known = others.get(one);
    if (known === undefined) others.set(one, [other.ref]);
    else known.push(other.ref);
  }
  const shared = [...others].map(([{ ref, namespace }, refs]) => {
    const message = `a pod in namespace "${namespace}" can be of tier "${ref}" and of tier ${quoted(refs)} at once: it then may do what any of them may`;
    return caveat('tiers-overlap', `tier/${ref}`, message);
  });
  const skipped = unchecked.map((namespace) => {
    const message = `namespace "${namespace}" has too many tiers that no label tells apart: not all pairs were looked at for shared pods`;
    return caveat('overlap-unchecked', `namespace/${namespace}`, message);
  });
  return [...shared, ...skipped];
}
