import { budget } from '../evaluate/budget.js';
import { eachConnection, MAX_CONNECTIONS, type ConnectionFacts } from '../evaluate/connections.js';
import type { EvaluateOptions } from '../evaluate/options.js';
import { buildWorld, type WorldInput } from '../evaluate/world.js';
import { workloadRef } from '../kubernetes/workload.js';
import type { ConnectionChange } from './connection-change.js';
import { mergeNeighbours, type RangedChange } from './neighbours.js';

const NOTHING = 'No Connections';

/**
 * What may talk to what after and not before, or no longer, or on other ports; sorted by source and destination. Ranges are
 * cut by the ipBlocks of both sides, and neighbours with the same change are put together again. Refuses more than a million changes.
 * @example diffConnections(readManifests(before), readManifests(after)) // [{ type: 'added', src: 'shop/web[Deployment]', ... }]
 */
export function diffConnections(
  before: WorldInput,
  after: WorldInput,
  options: Partial<EvaluateOptions> = {},
): ConnectionChange[] {
  const was = eachConnection(buildWorld({ ...before, cutAlsoBy: after.policies }, options));
  const is = eachConnection(buildWorld({ ...after, cutAlsoBy: before.policies }, options));
  const reasonOf = reasons(before, after);
  const spend = budget(MAX_CONNECTIONS, 'changes');
  const changes: RangedChange[] = [];
  for (const [old, now] of joined(was, is)) {
    for (const change of changeOf(old, now, reasonOf)) {
      spend(1);
      changes.push(change);
    }
  }
  return mergeNeighbours(changes);
}

/** Joins two sorted lists pair by pair: the ranges of both are the same, as each is cut by the other's blocks too. */
function* joined(
  before: Iterator<ConnectionFacts>,
  after: Iterator<ConnectionFacts>,
): Generator<readonly [ConnectionFacts | undefined, ConnectionFacts | undefined]> {
  let old = next(before);
  let now = next(after);
  while (old !== undefined || now !== undefined) {
    const order = compare(old, now);
    yield [order <= 0 ? old : undefined, order >= 0 ? now : undefined];
    if (order <= 0) old = next(before);
    if (order >= 0) now = next(after);
  }
}

function next(from: Iterator<ConnectionFacts>): ConnectionFacts | undefined {
  const result = from.next();
  return result.done === true ? undefined : result.value;
}

/** By source, then destination; what has ended comes last. */
function compare(a: ConnectionFacts | undefined, b: ConnectionFacts | undefined): number {
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  if (a.src !== b.src) return a.src < b.src ? -1 : 1;
  return a.dst === b.dst ? 0 : a.dst < b.dst ? -1 : 1;
}

type ReasonOf = (src: string, dst: string) => string | undefined;

function changeOf(
  old: ConnectionFacts | undefined,
  now: ConnectionFacts | undefined,
  reasonOf: ReasonOf,
): RangedChange[] {
  const either = old ?? now;
  if (either === undefined || old?.conn === now?.conn) return [];
  const type = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
  const reason = reasonOf(either.src, either.dst);
  const change: ConnectionChange = {
    ...{ type, src: either.src, dst: either.dst, before: old?.conn ?? NOTHING, after: now?.conn ?? NOTHING },
    ...(reason === undefined ? {} : { reason }),
  };
  return [{ change, ...rangeOf(either) }];
}

function rangeOf({ srcRange, dstRange }: ConnectionFacts): Pick<RangedChange, 'end' | 'range'> {
  if (srcRange !== undefined) return { end: 'src', range: srcRange };
  return dstRange === undefined ? {} : { end: 'dst', range: dstRange };
}

/** Says which workload of a pair came or went. */
function reasons(before: WorldInput, after: WorldInput): ReasonOf {
  const was = new Set(before.workloads.map(workloadRef));
  const is = new Set(after.workloads.map(workloadRef));
  return (src, dst) => {
    const notes = [src, dst].flatMap((ref) => {
      if (was.has(ref) === is.has(ref)) return [];
      return [`${ref} is ${is.has(ref) ? 'new' : 'gone'}`];
    });
    return notes.length === 0 ? undefined : notes.join(', ');
  };
}
