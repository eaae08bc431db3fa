import type { Snapshot } from '../../model/snapshot.js';
import { changedConnections } from './changed-connections.js';
import { changedProfile } from './changed-profile.js';
import type { Change } from './change.js';
import { isolatedOnlyIn, isolationOf } from './isolated.js';
import { reduced } from './reduced.js';
import { sideOf } from './side.js';
import { summaryOf } from './summary.js';
import { ownersOf, teamsOf } from './teams.js';
import { touched } from './touched.js';

/**
 * What is different between two snapshots of an environment in terms of who may talk to whom; without `before`, all that `after` says
 * against a cluster where nothing was applied. Two environments are compared after `asIfIn`. First by value, then only what is touched
 * is resolved, so one flow of a hundred thousand costs little. `changeOf(a, a)` is empty, and `changeOf(b, a)` mirrors `changeOf(a, b)`.
 * @example changeOf(before, after).connections.map(({ kind, risk }) => `${kind} ${risk}`) // ['added widens']
 */
export function changeOf(before: Snapshot | undefined, after: Snapshot): Change {
  const old = before ?? nothingIn(after);
  const kept = reduced(old, after, touched(old, after));
  const [was, is] = [sideOf(kept.before), sideOf(kept.after)];
  const owners = ownersOf(old, after);
  const connections = changedConnections(was, is, teamsOf(owners));
  const [isolatedBefore, isolatedAfter] = [isolationOf(was, kept.namespaces), isolationOf(is, kept.namespaces)];
  const newlyIsolated = isolatedOnlyIn(isolatedAfter, isolatedBefore);
  const noLongerIsolated = isolatedOnlyIn(isolatedBefore, isolatedAfter);
  return {
    connections,
    profile: changedProfile(old.environment.profile, after.environment.profile),
    newlyIsolated,
    noLongerIsolated,
    summary: summaryOf(connections, owners, newlyIsolated, noLongerIsolated),
  };
}

/** The cluster of a snapshot before anything was applied to it. */
function nothingIn(after: Snapshot): Snapshot {
  return { ...after, tiers: [], peers: [], placements: [], flows: [] };
}
