import type { History } from '../history/history.js';
import type { Check, FinalChange, FinalState } from './check.js';

/** Unsigned: of every write it is known who did it and why, and of nothing else. */
export const unsigned: Check = {
  name: 'unsigned',
  holds: 'every write has one entry of who and why, in one order without a gap; so has every version',
  judge: (history, final) => [...versionsOf(final), ...gapsOf(final.changes), ...entriesOf(history, final)],
};

function versionsOf({ versions }: FinalState): string[] {
  return [...versions.values()].flat().flatMap(({ environment, version, message, reason, publishedBy }) => {
    const why = message === undefined || message === 'the first' ? 'the site' : `because of ${message}`;
    const fine = publishedBy === 'admin' && reason === why;
    return fine
      ? []
      : [`version ${version} of ${environment} ("${message}") is by ${publishedBy}, because "${reason}"`];
  });
}

function gapsOf(changes: readonly FinalChange[]): string[] {
  return changes.flatMap(({ revision }, at) =>
    at === 0 || revision === changes[at - 1]!.revision + 1
      ? []
      : [`there is no entry between revisions ${changes[at - 1]!.revision} and ${revision}`],
  );
}

function entriesOf({ writes, creates }: History, { changes, marks }: FinalState): string[] {
  const entries = new Map<string, FinalChange[]>();
  for (const change of changes) entries.set(change.reason ?? '', [...(entries.get(change.reason ?? '') ?? []), change]);
  const asked = [...writes, ...creates].flatMap(({ reason, outcome }) => {
    const found = entries.get(reason) ?? [];
    const fine = found.length === 1 || (found.length === 0 && outcome !== 'acknowledged');
    return fine && found.every(({ actor }) => actor === 'admin')
      ? []
      : [`"${reason}" (${outcome}) has ${found.length} entries`];
  });
  const logged = new Map<string, number>();
  for (const { resource, name, mark } of changes)
    if (resource === 'tier' && mark !== undefined) logged.set(name.split('/')[0]!, mark);
  const last = [...marks].filter(([application, mark]) => logged.get(application) !== mark);
  return [
    ...asked,
    ...last.map(
      ([application, mark]) => `${application} has mark ${mark}, and its last entry says ${logged.get(application)}`,
    ),
  ];
}
