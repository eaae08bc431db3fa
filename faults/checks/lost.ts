import type { Sight } from '../history/history.js';
import type { Check } from './check.js';

/** Loss: what was acknowledged is there. */
export const lost: Check = {
  name: 'lost',
  holds: 'every publish, write and object that was acknowledged is there at the end',
  judge: (history, { versions, marks, changes }) => {
    const there = new Set([...versions.values()].flat().map(nameOf));
    const publishes = history.publishes.flatMap(({ message, acknowledged }) =>
      acknowledged
        .filter(({ sight }) => !there.has(nameOf(sight)))
        .map(
          ({ sight }) =>
            `version ${sight.version} of ${sight.environment} with ${sight.digest}, acknowledged to "${message}", is not there`,
        ),
    );
    const written = new Map<string, number>();
    for (const { application, mark, outcome } of history.writes)
      if (outcome === 'acknowledged') written.set(application, mark);
    const unknown = new Set(
      history.writes
        .filter(({ outcome }) => outcome === 'unknown')
        .map(({ application, mark }) => `${application} ${mark}`),
    );
    const writes = [...written].flatMap(([application, mark]) => {
      const now = marks.get(application);
      const fine = now !== undefined && (now >= mark || unknown.has(`${application} ${now}`));
      return fine ? [] : [`${application} has mark ${now}, and ${mark} was acknowledged`];
    });
    const names = new Set(changes.filter(({ resource }) => resource === 'team').map(({ name }) => name));
    const creates = history.creates.filter(({ name, outcome }) => outcome === 'acknowledged' && !names.has(name));
    return [...publishes, ...writes, ...creates.map(({ name }) => `team ${name} was acknowledged and is not there`)];
  },
};

/** With its content: a version that was lost has its number given to the next one. */
function nameOf({ environment, version, digest }: Sight): string {
  return `${environment} ${version} ${digest}`;
}
