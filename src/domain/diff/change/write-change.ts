import { DEFAULT_DENY } from '../../compile/name-tiers.js';
import { compareText } from '../../errors.js';
import { endName } from '../../model/entities.js';
import { formatPort, type PortRange } from '../../model/ports.js';
import type { Change, ChangedConnection, ChangedFact, ChangeSummary, Isolated, RiskCounts } from './change.js';
import { RISKS } from './risk.js';

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/**
 * A change as text: a line for each connection, the facts of the profile, what is isolated for the first time and no longer, the counts.
 * @example writeChange(change) // '+ shop/frontend -> shop/backend TCP 3000 (widens; flow frontend-to-backend; shop/allow-frontend-egress, ...)'
 */
export function writeChange(change: Change): string {
  const sections = [
    change.connections.map(connectionLine),
    titled('Profile', change.profile.map(factLine)),
    titled(
      'Isolated for the first time: at the apply, traffic that no flow declares stops',
      isolatedLines(change.newlyIsolated),
    ),
    titled('No longer isolated: from the apply on, any traffic may pass', isolatedLines(change.noLongerIsolated)),
  ].filter((section) => section.length > 0);
  if (sections.length === 0) return 'No change in who may talk to whom.\n';
  const all = [...sections, titled('Summary', summaryLines(change.summary))];
  return `${all.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function connectionLine(connection: ChangedConnection): string {
  const { kind, from, to, before, after, risk, reason } = connection;
  const flows = union(before.flows, after.flows).sort(compareText);
  const notes = [
    risk,
    ...(reason === undefined ? [] : [reason]),
    `${flows.length === 1 ? 'flow' : 'flows'} ${flows.join(', ')}`,
    union(before.policies, after.policies).join(', '),
  ];
  return `${SIGNS[kind]} ${endName(from)} -> ${endName(to)} ${portsOf(connection)} (${notes.join('; ')})`;
}

function portsOf({ kind, before, after }: ChangedConnection): string {
  const [was, is] = [portText(before.ports), portText(after.ports)];
  if (kind === 'changed') return was === is ? is : `${was} => ${is}`;
  return kind === 'added' ? is : was;
}

function portText(ports: readonly PortRange[]): string {
  return ports.map(formatPort).join(', ');
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

function factLine({ fact, before, after, risk }: ChangedFact): string {
  return `~ ${fact}: ${before} => ${after} (${risk})`;
}

function isolatedLines({ tiers, namespaces }: Isolated): string[] {
  return [
    ...tiers.map(
      ({ tier, namespace, directions, policies }) =>
        `! ${tier} in namespace ${namespace}: ${directions.join(', ')} (${policies.join(', ')})`,
    ),
    ...namespaces.map((namespace) => `! pods of no tier in namespace ${namespace} (${namespace}/${DEFAULT_DENY})`),
  ];
}

function summaryLines({ connections, byApplication, byTeam, ...isolated }: ChangeSummary): string[] {
  return [
    `connections: ${countsText(connections)}`,
    ...byApplication.map(
      ({ application, team, ...counts }) =>
        `application ${application}${team === undefined ? '' : ` of team ${team}`}: ${countsText(counts)}`,
    ),
    ...byTeam.map(({ team, ...counts }) => `team ${team}: ${countsText(counts)}`),
    `tiers: ${isolated.newlyIsolatedTiers} isolated for the first time, ${isolated.noLongerIsolatedTiers} no longer`,
  ];
}

function countsText(counts: RiskCounts): string {
  return RISKS.map((risk) => `${counts[risk]} ${risk}`).join(', ');
}
