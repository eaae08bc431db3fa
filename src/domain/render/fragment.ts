import { constants, deflateRawSync } from 'node:zlib';
import { digest } from './digest.js';

/** A piece of content, compressed so that compressed pieces can be put one behind the other. */
export interface Fragment {
  /** Of the piece; of one that refers to the piece before it, of both. */
  readonly digest: string;
  /** Of the piece, in bytes. */
  readonly length: number;
  /** The piece as raw DEFLATE without a last block, ended by a full flush: it starts at a byte, and refers to the piece before it at most. */
  readonly deflated: Uint8Array;
}

/** As far as DEFLATE can refer back. */
const WINDOW = 32 * 1024;

/**
 * Compresses a piece, which may refer to the piece that stands before it wherever it stands; its digest is `name`, where that is known. What
 * zlib makes of it differs from build to build, so it is done once: what was stored is what is served. https://www.rfc-editor.org/rfc/rfc1951
 * @example fragmentOf(Buffer.from('a')).length // 1
 */
export function fragmentOf(
  piece: Uint8Array,
  before?: Uint8Array,
  name = fragmentName(digest(piece), before && digest(before)),
): Fragment {
  const options = { level: constants.Z_BEST_COMPRESSION, finishFlush: constants.Z_FULL_FLUSH };
  const dictionary = before === undefined ? {} : { dictionary: before.subarray(-WINDOW) };
  return { digest: name, length: piece.length, deflated: deflateRawSync(piece, { ...options, ...dictionary }) };
}

/** What a piece is stored as, by its own digest and that of the piece that it may refer to. */
export function fragmentName(own: string, before: string | undefined): string {
  return before === undefined ? own : digest(before, own);
}

/** What gzip says of the content behind the compressed bytes. */
export interface GzipCheck {
  /** In bytes. */
  readonly length: number;
  readonly crc32: number;
}

/** No time, no name, and no hint of the system it was made on. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);
/** The one block that says it is the last; it is empty. */
export const LAST_BLOCK: Uint8Array = Buffer.from([3, 0]);

/**
 * One gzip member around compressed pieces that stand one behind the other. One, as curl and wget stop after the first.
 * https://www.rfc-editor.org/rfc/rfc1952
 * @example gzipOf(fragmentOf(bytes).deflated, { length: bytes.length, crc32: crc32(bytes) }) // what gunzip turns into bytes
 */
export function gzipOf(deflated: Uint8Array, { length, crc32 }: GzipCheck): Uint8Array {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32, 0);
  tail.writeUInt32LE(length % 2 ** 32, 4);
  return Buffer.concat([GZIP_HEAD, deflated, LAST_BLOCK, tail]);
}
