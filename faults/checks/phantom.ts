import type { Check } from './check.js';

/** Phantom: nobody reads what is not durable. */
export const phantom: Check = {
  name: 'phantom',
  holds: 'every version that a read gave is there at the end',
  judge: (history, { versions }) => {
    const final = [...versions.values()].flat();
    const there = new Set(final.flatMap(({ environment, version, digest }) => [`${environment} ${version}`, digest]));
    const gone = [
      ...history.latest
        .filter(({ environment, version }) => version > 0 && !there.has(`${environment} ${version}`))
        .map(({ environment, version }) => `version ${version} of ${environment} was read, and is not there`),
      // Its number may have been given to another one since.
      ...history.pages
        .flat()
        .filter(({ digest }) => !there.has(digest))
        .map(
          ({ environment, version, digest }) =>
            `version ${version} of ${environment} was ${digest}, and no version is that`,
        ),
    ];
    return [...new Set(gone)];
  },
};
