/** What a request with a Range header gets: everything (200), one stretch of bytes (206), or nothing (416). */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

/** The representation that would be sent. */
export interface Ranged {
  readonly size: number;
  /** Its strong entity-tag, with the quotes. */
  readonly etag: string;
}

interface RangeHeaders {
  readonly range?: string | string[] | undefined;
  readonly 'if-range'?: string | string[] | undefined;
}

const WHOLE = { kind: 'whole' } as const;

/**
 * Reads Range and If-Range of a GET (RFC 9110 sections 13.1.5 and 14). One range of bytes is served. Several, other units and what cannot be
 * read get the whole representation, as section 14.2 allows; so does an If-Range that is not this entity-tag.
 * @example byteRange({ range: 'bytes=-5' }, { size: 100, etag: '"x"' }) // { kind: 'part', first: 95, last: 99 }
 */
export function byteRange(headers: RangeHeaders, ranged: Ranged): ByteRange {
  const spec = onlySpec(headers.range);
  if (spec === undefined || !ifRangeHolds(headers['if-range'], ranged.etag)) return WHOLE;
  const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (first === '' && last === '') return WHOLE;
  return first === '' ? suffix(Number(last), ranged.size) : stretch(first, last, ranged.size);
}

/**
 * The Content-Range of the answer (RFC 9110 section 14.4).
 * @example contentRange({ kind: 'unsatisfiable' }, 100) // 'bytes *\/100'
 */
export function contentRange(range: Exclude<ByteRange, { kind: 'whole' }>, size: number): string {
  return range.kind === 'part' ? `bytes ${range.first}-${range.last}/${size}` : `bytes */${size}`;
}

/** The one range that is asked for; empty elements of the list do not count (section 5.6.1). */
function onlySpec(header: string | string[] | undefined): string | undefined {
  const list = /^bytes=(.*)$/i.exec(typeof header === 'string' ? header.trim() : '')?.[1];
  const specs = (list ?? '')
    .split(',')
    .map((spec) => spec.trim())
    .filter((spec) => spec !== '');
  return specs.length === 1 ? specs[0] : undefined;
}

/** Strong comparison: a weak entity-tag never holds, nor does a date, as nothing here has a Last-Modified. */
function ifRangeHolds(header: string | string[] | undefined, etag: string): boolean {
  return header === undefined || (typeof header === 'string' && header.trim() === etag && !etag.startsWith('W/'));
}

/** From `first` to `last` or the end. A range that ends before it begins is invalid, and as if it were not there. */
function stretch(first: string, last: string, size: number): ByteRange {
  const [from, to] = [Number(first), last === '' ? Infinity : Number(last)];
  if (to < from) return WHOLE;
  return from < size ? { kind: 'part', first: from, last: Math.min(to, size - 1) } : { kind: 'unsatisfiable' };
}

/** The last `length` bytes. Nothing has no last bytes that Content-Range could name: it is sent whole. */
function suffix(length: number, size: number): ByteRange {
  if (length === 0) return { kind: 'unsatisfiable' };
  return size === 0 ? WHOLE : { kind: 'part', first: Math.max(0, size - length), last: size - 1 };
}
