import { registryError } from './registry-path.js';

/** Which tags are wanted: at most `n`, behind `last`. */
export interface TagPage {
  readonly n: number | undefined;
  readonly last: string | undefined;
}

/**
 * Reads the query of a tag list. Refuses (malformed, PAGINATION_NUMBER_INVALID) an `n` that is no number.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 */
export function readTagPage(query: unknown): TagPage {
  const { n, last } = query as Record<string, unknown>;
  if (n !== undefined && !(typeof n === 'string' && /^[0-9]{1,9}$/.test(n)))
    throw registryError('malformed', 'PAGINATION_NUMBER_INVALID', `n=${JSON.stringify(n)} is no whole number`);
  return { n: n === undefined ? undefined : Number(n), last: typeof last === 'string' ? last : undefined };
}

/**
 * A page of sorted tags, and the query of the next one where there is one. `last` need not be a tag.
 * @example tagPage(['a', 'b', 'c'], { n: 2, last: undefined }) // { tags: ['a', 'b'], next: 'n=2&last=b' }
 */
export function tagPage(
  all: readonly string[],
  { n, last }: TagPage,
): { readonly tags: readonly string[]; readonly next: string | undefined } {
  const behind = last === undefined ? all : all.filter((tag) => tag > last);
  if (n === undefined || n >= behind.length) return { tags: behind, next: undefined };
  const tags = behind.slice(0, n);
  const end = tags.at(-1);
  return { tags, next: end === undefined ? undefined : `n=${n}&last=${encodeURIComponent(end)}` };
}
