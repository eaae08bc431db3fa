import type { ManifestFacts } from '../manifest-facts.js';
import { shadowedPolicies, type Shadowed } from './shadowed.js';

const known = new WeakMap<ManifestFacts, readonly Shadowed[]>();

/** What shadowedPolicies gives, looked up once for the rules that ask. A policy that selects nothing has a finding of its own. */
export function removablePolicies(facts: ManifestFacts): readonly Shadowed[] {
  const found = known.get(facts);
  if (found !== undefined) return found;
  const live = facts.policies.filter(({ selects, namespace }) => selects.length > 0 || !facts.pods.isSeen(namespace));
  const made = shadowedPolicies(live, facts.comparing);
  known.set(facts, made);
  return made;
}
