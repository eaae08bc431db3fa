import { createHash } from 'node:crypto';
import { SluiceError } from '../../domain/errors.js';

export const PAGE_SIZE = 100;
export const PAGE_SIZE_MAX = 500;

/** What page tokens may carry: names, or the numbers of versions and revisions, none of them more than PostgreSQL can read. */
const NAME_KEY = /^[\x21-\x7e]{1,255}$/;
export const NUMBER_KEY = /^[1-9][0-9]{0,8}$/;

/** One page of a list: what comes after `after` in the list's own order. */
export interface PageRequest {
  readonly size: number;
  readonly after: string | undefined;
}

/** Gives the page token after one item of a page: a symbol, so that it stays out of JSON. */
export const TOKEN_AFTER = Symbol('token after');

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
  [TOKEN_AFTER](item: T): string;
}

/**
 * A page token is the key of the last item and a hash of the filter, so it cannot be used with another filter (AIP-158).
 * Refuses (malformed) a token that this list did not make; `key` is what the keys of the list look like.
 */
export function readPage(
  query: { pageSize?: number | undefined; pageToken?: string | undefined },
  filter: unknown,
  key = NAME_KEY,
): PageRequest {
  const size = query.pageSize ?? PAGE_SIZE;
  if (query.pageToken === undefined) return { size, after: undefined };
  const [tag, after] = decode(query.pageToken);
  if (tag !== tagOf(filter) || !key.test(after))
    throw new SluiceError('malformed', 'pageToken belongs to another list or filter: start again without it');
  return { size, after };
}

/** Cuts what a store gave (asked for one more than the page) to the page and its token. */
export function toPage<T>(rows: readonly T[], page: PageRequest, filter: unknown, keyOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, page.size);
  const tokenAfter = (item: T) => encode(tagOf(filter), keyOf(item));
  const last = items.at(-1);
  if (rows.length <= page.size || last === undefined) return { items, [TOKEN_AFTER]: tokenAfter };
  return { items, nextPageToken: tokenAfter(last), [TOKEN_AFTER]: tokenAfter };
}

/** The address of the next page: the same, with another page token (RFC 8288 rel="next"). */
export function nextUrl(url: string, pageToken: string): string {
  const next = new URL(url, 'http://local');
  next.searchParams.set('pageToken', pageToken);
  return next.pathname + next.search;
}

function tagOf(filter: unknown): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 8);
}

function encode(tag: string, after: string): string {
  return Buffer.from(`${tag} ${after}`).toString('base64url');
}

function decode(token: string): [tag: string, after: string] {
  const text = Buffer.from(token, 'base64url').toString();
  return [text.slice(0, 8), text.slice(9)];
}
