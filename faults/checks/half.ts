import type { Check } from './check.js';

/** Half: a version that can be listed can be fetched whole, and is of one snapshot. */
export const half: Check = {
  name: 'half',
  holds: 'the bytes of every version that a reply names can be fetched, have its digest, and are of one snapshot',
  judge: (history, { versions }) => {
    const fetches = [...history.fetches, ...[...versions.values()].flat().map(({ fetched }) => fetched)];
    const found = new Set<string>();
    for (const { sight, status, digest, marks } of fetches) {
      const name = `version ${sight.version} of ${sight.environment}`;
      if (status !== 200) found.add(`${name} is listed, and its bytes give ${status === 0 ? 'no answer' : status}`);
      else if (digest !== sight.digest) found.add(`${name} is ${sight.digest}, and its bytes are ${digest}`);
      for (const [application, mark] of marks)
        if (Number.isNaN(mark)) found.add(`${name} has two marks of ${application}`);
    }
    return [...found];
  },
};
