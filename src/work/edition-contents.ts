import { crc32 } from 'node:zlib';
import type { Snapshot } from '../domain/model/snapshot.js';
import { snapshotPieces } from '../domain/model/snapshot-pieces.js';
import type { RenderedBundle } from '../domain/render/bundle.js';
import { digest } from '../domain/render/digest.js';
import { type Fragment, fragmentOf } from '../domain/render/fragment.js';
import { jsonPieces } from '../domain/render/json.js';
import { tarPieces } from '../domain/render/tar.js';
import type { PiecedContent, EditionContents } from '../domain/render/contents.js';

/**
 * Cuts what is stored of a version into pieces: a namespace each, or a stretch of the snapshot. Those whose digests are in `stored` are not
 * compressed again.
 */
export function contentsOf(
  { namespaces, policies }: RenderedBundle,
  snapshot: Snapshot,
  stored: readonly string[] = [],
): EditionContents {
  const known = new Set(stored);
  const fresh: Fragment[] = [];
  const contentOf = (given: readonly (Uint8Array | string)[]): PiecedContent => {
    const pieces = given.map(bytesOf).filter(({ length }) => length > 0);
    const digests = pieces.map((piece) => digest(piece));
    for (const [index, name] of digests.entries()) {
      const piece = pieces[index];
      if (piece !== undefined && !known.has(name)) fresh.push(fragmentOf(piece, name));
      known.add(name);
    }
    return { ...measuresOf(pieces), pieces: digests };
  };
  return {
    yaml: contentOf(namespaces.map(({ yaml }) => yaml)),
    json: contentOf(jsonPieces(policies)),
    tar: contentOf(tarPieces(namespaces)),
    snapshot: contentOf(snapshotPieces(snapshot)),
    fresh,
  };
}

function bytesOf(piece: Uint8Array | string): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}

function measuresOf(pieces: readonly Uint8Array[]): Pick<PiecedContent, 'digest' | 'length' | 'crc32'> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { digest: digest(...pieces), length, crc32: pieces.reduce((sum, piece) => crc32(piece, sum), 0) };
}
