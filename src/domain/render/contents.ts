import type { Fragment } from './fragment.js';

/** Bytes, told by the pieces that they are put together of. */
export interface PiecedContent {
  readonly digest: string;
  readonly length: number;
  readonly crc32: number;
  /** Their digests, in order. */
  readonly pieces: readonly string[];
}

/** What is stored of a version: its representations and its snapshot. */
export interface EditionContents extends Readonly<Record<'yaml' | 'json' | 'tar' | 'snapshot', PiecedContent>> {
  /** Those of the pieces that were not stored yet. */
  readonly fresh: readonly Fragment[];
}
