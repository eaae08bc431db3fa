import { crc32 } from 'node:zlib';
import type { PiecedContent } from '../../src/domain/render/contents.js';
import { digest } from '../../src/domain/render/digest.js';

/** What is put together of these pieces. */
export function contentOf(pieces: readonly string[]): PiecedContent {
  const bytes = Buffer.from(pieces.join(''));
  const digests = pieces.map((piece) => digest(piece));
  return { digest: digest(bytes), length: bytes.length, crc32: crc32(bytes), pieces: digests };
}
