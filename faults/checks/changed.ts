import type { Sight } from '../history/history.js';
import type { Check } from './check.js';

/** Change: a version is what it was the first time that anybody saw it. */
export const changed: Check = {
  name: 'changed',
  holds: 'a version has the same digest in every reply that names it, and at the end',
  judge: (history, { versions }) => {
    const seen = new Map<string, string>();
    for (const { environment, version, digest } of [...versions.values()].flat())
      seen.set(`${environment} ${version}`, digest);
    const sights: Sight[] = [
      ...history.publishes.flatMap(({ acknowledged }) => acknowledged.map(({ sight }) => sight)),
      ...history.pages.flat(),
    ];
    const found = new Set<string>();
    for (const { environment, version, digest } of sights) {
      const known = seen.get(`${environment} ${version}`);
      if (known !== undefined && known !== digest)
        found.add(`version ${version} of ${environment} was ${digest} to one, and is ${known}`);
    }
    return [...found];
  },
};
