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
export interface EditionContents extends Readonly<Record<'yaml' | 'tar' | 'snapshot', PiecedContent>> {
  /** Of the objects as a List, which is not stored: it is made of the YAML again. */
  readonly jsonDigest: string;
  /** Those of the pieces that were not stored yet. */
  readonly fresh: readonly Fragment[];
}
