import type {
  CompiledEnvironment,
  CompiledNamespace,
  NamespaceSource,
  Reach,
  Rule,
  SourceTier,
  TierRules,
} from './compiled.js';

/** Gives the policies that were made of an equal source; nothing where there are none. */
export type TakeOver = (source: NamespaceSource) => CompiledNamespace['policies'] | undefined;

/**
 * Looks into an earlier result for the policies of a namespace. All that they were made of is compared by value: what is taken over is what
 * compiling anew would give.
 * @example takeOverFrom(compile(snapshot))({ namespace: 'shop', defaultDeny: true, tiers })
 */
export function takeOverFrom(earlier: Pick<CompiledEnvironment, 'namespaces'> | undefined): TakeOver {
  const known = new Map(earlier?.namespaces.map((made) => [made.source.namespace, made]));
  return (source) => {
    const made = known.get(source.namespace);
    return made !== undefined && sameSource(made.source, source) ? made.policies : undefined;
  };
}

function sameSource(a: NamespaceSource, b: NamespaceSource): boolean {
  return a.namespace === b.namespace && a.defaultDeny === b.defaultDeny && sameList(a.tiers, b.tiers, sameTier);
}

/** Application and name are in the reference; namespace and selector in the key under which others see the tier. */
function sameTier({ tier: a, rules: of }: SourceTier, { tier: b, rules }: SourceTier): boolean {
  return (
    a.ref === b.ref &&
    a.seen[0].key === b.seen[0].key &&
    sameRules(of.egress, rules.egress) &&
    sameRules(of.ingress, rules.ingress)
  );
}

function sameRules(a: TierRules, b: TierRules): boolean {
  return sameList(a.flows, b.flows, isSame) && sameList(a.rules, b.rules, sameRule);
}

function sameRule(a: Rule, b: Rule): boolean {
  return a.ports.key === b.ports.key && sameReach(a.peers, b.peers);
}

/** Keys are equal exactly where peers are the same. */
function sameReach(a: Reach, b: Reach): boolean {
  if (a === 'anywhere' || b === 'anywhere') return a === b;
  return sameList(a, b, (one, other) => one.key === other.key);
}

function isSame(a: string, b: string): boolean {
  return a === b;
}

/** The proof compares lists by code of its own: a mistake that both shared would be seen by neither. */
function sameList<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined || !same(one, other)) return false;
  }
  return true;
}
