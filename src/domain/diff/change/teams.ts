import { compareText } from '../../errors.js';
import type { Endpoint } from '../../model/entities.js';
import type { Snapshot } from '../../model/snapshot.js';

/** The applications of the tiers among some ends, and the teams that own them, each sorted. */
export type TeamsOf = (ends: readonly Endpoint[]) => {
  readonly applications: readonly string[];
  readonly teams: readonly string[];
};

/** The team of each application: as it is after, or as it was. */
export function ownersOf(before: Snapshot, after: Snapshot): ReadonlyMap<string, string> {
  return new Map([...before.applications, ...after.applications].map(({ name, team }) => [name, team]));
}

/**
 * Finds who is concerned by the ends of a connection.
 * @example teamsOf(ownersOf(before, after))([{ tier: 'shop/frontend' }]) // { applications: ['shop'], teams: ['demo'] }
 */
export function teamsOf(owners: ReadonlyMap<string, string>): TeamsOf {
  return (ends) => {
    const named = ends.flatMap((end) => ('tier' in end ? [end.tier.slice(0, end.tier.indexOf('/'))] : []));
    const applications = [...new Set(named)].sort(compareText);
    const teams = new Set(applications.flatMap((application) => owners.get(application) ?? []));
    return { applications, teams: [...teams].sort(compareText) };
  };
}
