import { compareText } from '../../errors.js';
import type { Direction } from '../../evaluate/grants.js';
import { formatPortSet } from '../../evaluate/port-set.js';
import type { Finding } from '../../finding.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { Declared } from '../declared/declared.js';
import type { DeclaredRule, DeclaredTier, Source } from '../declared/declared-tier.js';
import type { Row } from '../sides/row.js';
import type { Sides } from '../sides/sides.js';
import { caveat, quoted } from './caveat.js';

/** What a peer, or a selector of the profile, opens for some tiers with the pods of others, whose side stays closed. */
interface Closed {
  readonly source: Source;
  readonly direction: Direction;
  readonly ports: number;
  readonly tiers: Set<string>;
  readonly matched: Set<string>;
}

/**
 * A flow from or to a peer opens the side of its tier only. Where the peer's selector matches pods of another tier, the
 * connection also needs that tier's side, which only a flow between the two tiers opens.
 */
export function peerCaveats(declared: Declared, sides: Sides): Finding[] {
  const closed = new Map<string, Closed>();
  const sideOf = oppositeSides(declared, sides);
  for (const tier of declared.tiers) {
    for (const direction of ['egress', 'ingress'] as const) {
      for (const rule of tier.rules[direction]) {
        for (const other of tiersMeant(rule, tier, sides)) {
          if (opens(sideOf(other, direction), tier, rule.ports, sides)) continue;
          const key = `${direction} ${pathOf(rule.source)} ${rule.ports}`;
          const known = closed.get(key) ?? { ...rule, direction, tiers: new Set(), matched: new Set() };
          closed.set(key, known);
          known.tiers.add(tier.ref);
          known.matched.add(other);
        }
      }
    }
  }
  return [...closed.values()].map((one) => closedCaveat(one, sides.numbers));
}

const NO_TIERS: readonly string[] = [];

/** The tiers whose pods a peer, or a selector of the profile, matches. */
function tiersMeant({ end, source }: DeclaredRule, tier: DeclaredTier, { find, tiersOf }: Sides): readonly string[] {
  if (end.kind !== 'pods' || (source.kind === 'flow' && source.peer === undefined)) return NO_TIERS;
  const refs = find(end.pods).flatMap((id) => tiersOf[id] ?? NO_TIERS);
  if (refs.length === 0) return NO_TIERS;
  return [...new Set(refs)].filter((ref) => ref !== tier.ref).sort(compareText);
}

/** What is declared for the side of a tier that faces a direction. */
function oppositeSides(
  { tiers, defaultDeny: denied }: Declared,
  { declared: rows }: Sides,
): (ref: string, facing: Direction) => Row {
  const byRef = new Map(tiers.map((tier) => [tier.ref, tier]));
  const known = { ingress: new Map<string, Row>(), egress: new Map<string, Row>() };
  return (ref, facing) => {
    const direction = facing === 'egress' ? 'ingress' : 'egress';
    const tier = byRef.get(ref);
    const row = known[direction].get(ref) ?? rows(direction, { tiers: tier === undefined ? [] : [tier], denied });
    known[direction].set(ref, row);
    return row;
  };
}

function opens(row: Row, tier: DeclaredTier, ports: number, { find, numbers }: Sides): boolean {
  const [probe = -1] = find(tier.set);
  const allowed = numbers.union(row.everyone, row.pods.get(probe) ?? NONE);
  return numbers.intersect(allowed, ports) === ports;
}

function closedCaveat({ source, matched, direction, ports, tiers }: Closed, numbers: PortNumbers): Finding {
  const who =
    source.kind === 'flow' ? `peer "${source.peer}" of flow "${source.flow}"` : `the profile's ${source.fact} selector`;
  const [may, side] = direction === 'egress' ? ['may call them', 'ingress'] : ['admits them', 'egress'];
  const on = formatPortSet(numbers.set(ports));
  const message = `${who} matches pods of tier ${quoted([...matched])}: tier ${quoted([...tiers])} ${may} on ${on}, but their own ${side} does not allow all of it; declare a flow between the tiers`;
  return caveat('peer-matches-tier', pathOf(source), message);
}

function pathOf(source: Source): string {
  return source.kind === 'flow' ? `flow/${source.flow}` : `profile/${source.fact}`;
}
