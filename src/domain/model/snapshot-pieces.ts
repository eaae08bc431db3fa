import type { Snapshot } from './snapshot.js';

/** A piece has as many entries on average. */
const ENTRIES = 32;
/** An entry starts with its names; what follows may change without moving an end. */
const NAME_LENGTH = 64;

/**
 * The JSON of a snapshot, in pieces to be put one behind the other. Lists are cut behind entries whose beginning says so: where a piece
 * ends depends on no other entry, so a change of the model changes the piece it is in, and all the others are as they were.
 * @example JSON.parse(snapshotPieces(snapshot).join('')) // equals snapshot
 */
export function snapshotPieces(snapshot: Snapshot): string[] {
  const pieces: string[] = [];
  let piece = '{';
  for (const [key, value] of Object.entries(snapshot) as [string, unknown][]) {
    piece += `${piece === '{' ? '' : ','}${JSON.stringify(key)}:`;
    if (!Array.isArray(value)) {
      piece += JSON.stringify(value);
      continue;
    }
    pieces.push(`${piece}[`);
    const cut = cutList(value);
    pieces.push(...cut);
    piece = ']';
  }
  return [...pieces, `${piece}}`];
}

function cutList(entries: readonly unknown[]): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const [index, entry] of entries.entries()) {
    const text = JSON.stringify(entry);
    piece += index === 0 ? text : `,${text}`;
    if (hashOf(text) % ENTRIES !== 0) continue;
    pieces.push(piece);
    piece = '';
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** FNV-1a. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length && at < NAME_LENGTH; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
