import type { Check } from './check.js';

/** Gap: versions are 1..N, at the end and on every page that anybody read. */
export const gap: Check = {
  name: 'gap',
  holds: 'the versions of an environment are 1..N',
  judge: (history, { versions }) => {
    const final = [...versions].flatMap(([environment, list]) =>
      list.flatMap(({ version }, at) =>
        version === at + 1 ? [] : [`${environment} has version ${version} in place ${at + 1}`],
      ),
    );
    const pages = history.pages.flatMap((page) =>
      page
        .slice(1)
        .flatMap(({ environment, version }, at) =>
          version === page[at]!.version - 1
            ? []
            : [`a page of ${environment} has version ${version} right after ${page[at]!.version}`],
        ),
    );
    return [...final.slice(0, 20), ...new Set(pages)];
  },
};
