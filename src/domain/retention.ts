/** What keeps a version: one of the two is enough. Without either every version is kept. */
export interface RetentionRule {
  /** The last so many of each environment. */
  readonly keepVersions?: number | undefined;
  /** Those that are younger than so many days. */
  readonly keepDays?: number | undefined;
}

/** What the two may be at most; `keepVersions` is 1 at least, `keepDays` may be 0. */
export const KEEP_VERSIONS_MAX = 1_000_000;
export const KEEP_DAYS_MAX = 36_500;

/** What retention looks at of a version. */
export interface DatedVersion {
  readonly environment: string;
  readonly version: number;
  readonly publishedAt: Date;
  /** Tags, and clusters that run it or reported it last. */
  readonly referrers: 'some' | 'none';
}

const DAY_MS = 86_400_000;

/**
 * The versions that nothing keeps, of versions that stand by environment, the newest of each first; in the order in which they stand.
 * The latest version of an environment is never among them, nor one that something refers to.
 * @example versionsToGo([second, first], { keepVersions: 1 }, now) // [first]
 */
export function versionsToGo<V extends DatedVersion>(versions: readonly V[], rule: RetentionRule, now: Date): V[] {
  const { keepVersions, keepDays } = rule;
  if (keepVersions === undefined && keepDays === undefined) return [];
  const last = Math.max(1, keepVersions ?? 1);
  const since = now.getTime() - (keepDays ?? 0) * DAY_MS;
  const ranks = new Map<string, number>();
  return versions.filter(({ environment, publishedAt, referrers }) => {
    const rank = (ranks.get(environment) ?? 0) + 1;
    ranks.set(environment, rank);
    return rank > last && referrers === 'none' && publishedAt.getTime() <= since;
  });
}
