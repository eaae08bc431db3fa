import { compareText } from '../../errors.js';
import type { ChangedConnection, ChangeSummary, Isolated, RiskCounts } from './change.js';
import type { Risk } from './risk.js';

/**
 * Counts the changed connections by risk, by application with its team, and by team.
 * @example summaryOf(connections, owners, newly, noLonger).byTeam // [{ team: 'demo', widens: 1, narrows: 0, both: 0 }]
 */
export function summaryOf(
  connections: readonly ChangedConnection[],
  owners: ReadonlyMap<string, string>,
  newly: Isolated,
  noLonger: Isolated,
): ChangeSummary {
  return {
    connections: countRisks(connections.map(({ risk }) => risk)),
    byApplication: countBy(connections, ({ applications }) => applications).map(([application, counts]) => {
      const team = owners.get(application);
      return { application, ...(team === undefined ? {} : { team }), ...counts };
    }),
    byTeam: countBy(connections, ({ teams }) => teams).map(([team, counts]) => ({ team, ...counts })),
    newlyIsolatedTiers: newly.tiers.length,
    noLongerIsolatedTiers: noLonger.tiers.length,
  };
}

function countBy(
  connections: readonly ChangedConnection[],
  namesOf: (connection: ChangedConnection) => readonly string[],
): [name: string, counts: RiskCounts][] {
  const risks = new Map<string, Risk[]>();
  for (const connection of connections) {
    for (const name of namesOf(connection)) {
      const known = risks.get(name);
      if (known === undefined) risks.set(name, [connection.risk]);
      else known.push(connection.risk);
    }
  }
  return [...risks].sort(([a], [b]) => compareText(a, b)).map(([name, all]) => [name, countRisks(all)]);
}

function countRisks(risks: readonly Risk[]): RiskCounts {
  const counts = { widens: 0, narrows: 0, both: 0 };
  for (const risk of risks) counts[risk]++;
  return counts;
}
