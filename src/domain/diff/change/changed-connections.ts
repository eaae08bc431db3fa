import { compareText } from '../../errors.js';
import { endName, type Endpoint } from '../../model/entities.js';
import { describeReach } from '../describe-reach.js';
import type { ChangedConnection, Declared } from './change.js';
import { withoutPorts } from './compare-ports.js';
import { compareReach } from './compare-reach.js';
import { joinRisks, type Difference } from './risk.js';
import type { Pair, PairEnd, Side } from './side.js';
import type { TeamsOf } from './teams.js';

const NOTHING: Declared = { ports: [], flows: [], policies: [] };

/** What a pair of ends is compared with. */
interface Sides {
  readonly before: Side;
  readonly after: Side;
  readonly teamsOf: TeamsOf;
}

/**
 * The pairs of ends between which other ports are declared, or whose ends stand for other pods or addresses, sorted by their ends.
 * @example changedConnections(sideOf(before), sideOf(after), teams)[0]?.gained // [{ protocol: 'TCP', port: 3000 }]
 */
export function changedConnections(before: Side, after: Side, teamsOf: TeamsOf): ChangedConnection[] {
  const keys = [...new Set([...before.pairs.keys(), ...after.pairs.keys()])].sort(compareText);
  const sides = { before, after, teamsOf };
  return keys.flatMap((key) => changedPair(before.pairs.get(key), after.pairs.get(key), sides) ?? []);
}

function changedPair(was: Pair | undefined, is: Pair | undefined, sides: Sides): ChangedConnection | undefined {
  const either = is ?? was;
  if (either === undefined) return undefined;
  const gained = withoutPorts(is?.ports ?? [], was?.ports ?? []);
  const lost = withoutPorts(was?.ports ?? [], is?.ports ?? []);
  const risk = joinRisks([
    gained.length > 0 ? 'widens' : 'same',
    lost.length > 0 ? 'narrows' : 'same',
    ...(was === undefined || is === undefined ? [] : [compareEnds(was.from, is.from), compareEnds(was.to, is.to)]),
  ]);
  if (risk === 'same') return undefined;
  const ends = [either.from.end, either.to.end];
  const reason = was === undefined || is === undefined ? cameOrWent(ends, sides) : otherEnds(was, is);
  return {
    kind: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
    ...{ from: either.from.end, to: either.to.end, before: declared(was), after: declared(is), gained, lost, risk },
    ...(reason === '' ? {} : { reason }),
    ...sides.teamsOf(ends),
  };
}

/** Pods of a tier are the subject of objects too: where they differ, more changes than who may be reached. */
function compareEnds(was: PairEnd, is: PairEnd): Difference {
  const difference = compareReach(was.seen, is.seen);
  const ownObjects = was.tier !== undefined || is.tier !== undefined;
  return difference !== 'same' && ownObjects ? 'both' : difference;
}

function declared(pair: Pair | undefined): Declared {
  if (pair === undefined) return NOTHING;
  const { ports, flows, policies } = pair;
  return { ports, flows, policies };
}

function otherEnds(was: Pair, is: Pair): string {
  const ends = [[was.from, is.from] as const, [was.to, is.to] as const];
  const notes = ends
    .filter(([old, now]) => compareReach(old.seen, now.seen) !== 'same')
    .map(([old, now]) => `${endName(now.end)} was ${describeReach(old.seen)} and is ${describeReach(now.seen)}`);
  return [...new Set(notes)].join('; ');
}

/** Says which tier of a pair is placed on one side only; where a side has no placement at all, that goes without saying. */
function cameOrWent(ends: readonly Endpoint[], { before, after }: Sides): string {
  if (before.snapshot.placements.length === 0 || after.snapshot.placements.length === 0) return '';
  const notes = ends.map(endName).flatMap((name) => {
    if (!name.includes('/') || before.tiers.has(name) === after.tiers.has(name)) return [];
    return [`${name} is ${after.tiers.has(name) ? 'placed here now' : 'no longer placed here'}`];
  });
  return [...new Set(notes)].join('; ');
}
