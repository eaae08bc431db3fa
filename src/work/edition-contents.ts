import { crc32 } from 'node:zlib';
import type { Snapshot } from '../domain/model/snapshot.js';
import { snapshotPieces } from '../domain/model/snapshot-pieces.js';
import type { RenderedBundle } from '../domain/render/bundle.js';
import { digest } from '../domain/render/digest.js';
import { type Fragment, fragmentName, fragmentOf } from '../domain/render/fragment.js';
import { jsonPieces } from '../domain/render/json.js';
import { tarParts } from '../domain/render/tar.js';
import type { PiecedContent, EditionContents } from '../domain/render/contents.js';
import { yamlPieces } from '../domain/render/yaml-pieces.js';

/**
 * Cuts what is stored of a version into pieces: a few objects each, or a stretch of the snapshot. Those whose names are in `stored` are not
 * compressed again.
 */
export function contentsOf(
  { namespaces, policies, digest: yamlDigest }: RenderedBundle,
  snapshot: Snapshot,
  stored: readonly string[] = [],
): EditionContents {
  const known = new Set(stored);
  const fresh: Fragment[] = [];
  const nameOf = ({ bytes, own, before }: Piece): string => {
    const name = fragmentName(own, before?.own);
    if (!known.has(name)) fresh.push(fragmentOf(bytes, before?.bytes, name));
    known.add(name);
    return name;
  };
  const contentOf = (pieces: readonly Piece[], name = digestOf(pieces)): PiecedContent => ({
    ...{ digest: name, ...measuresOf(pieces) },
    pieces: pieces.map(nameOf),
  });
  const files = new Map(namespaces.map(({ yaml }) => [yaml, chained(yamlPieces(yaml))]));
  return {
    yaml: contentOf([...files.values()].flat(), yamlDigest),
    jsonDigest: digest(...jsonPieces(policies)),
    tar: contentOf(tarParts(namespaces).flatMap((part) => files.get(part) ?? apart([part]))),
    snapshot: contentOf(apart(snapshotPieces(snapshot))),
    fresh,
  };
}

interface Piece {
  readonly bytes: Uint8Array;
  /** Its digest. */
  readonly own: string;
  /** What it may refer to: the piece that stands before it wherever it stands. */
  readonly before?: Piece;
}

/** Pieces that may stand behind any other. Empty ones are none. */
function apart(given: readonly (Uint8Array | string)[]): Piece[] {
  const all = given.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  return all.filter(({ length }) => length > 0).map((bytes) => ({ bytes, own: digest(bytes) }));
}

/** Pieces of one part, always in this order. What changes in one is compressed anew in that one and the next. */
function chained(given: readonly Uint8Array[]): Piece[] {
  const pieces: Piece[] = [];
  for (const { bytes, own } of apart(given)) pieces.push({ bytes, own, ...withBefore(pieces.at(-1)) });
  return pieces;
}

function withBefore(last: Piece | undefined): Pick<Piece, 'before'> {
  return last === undefined ? {} : { before: { bytes: last.bytes, own: last.own } };
}

function digestOf(pieces: readonly Piece[]): string {
  return digest(...pieces.map(({ bytes }) => bytes));
}

function measuresOf(pieces: readonly Piece[]): Pick<PiecedContent, 'length' | 'crc32'> {
  const length = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { length, crc32: pieces.reduce((sum, { bytes }) => crc32(bytes, sum), 0) };
}
