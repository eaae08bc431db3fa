/** A piece has as many documents on average. */
const DOCUMENTS = 4;
/** A document starts with its kind, name and namespace; what follows may change without moving an end. */
const HEAD_LENGTH = 128;
const DOCUMENT = Buffer.from('---\n');
const NEXT_DOCUMENT = Buffer.concat([Buffer.from('\n'), DOCUMENT]);

/**
 * Cuts documents that writeYaml wrote into pieces, to be put one behind the other. They are cut behind documents whose beginning says so: where
 * a piece ends depends on no other document, so an object that changes changes the piece it is in, and all the others are as they were.
 * @example yamlPieces(renderBundle(snapshot).namespaces[0].yaml)
 */
export function yamlPieces(yaml: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(yaml.buffer, yaml.byteOffset, yaml.byteLength);
  if (!bytes.subarray(0, DOCUMENT.length).equals(DOCUMENT)) return [yaml];
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let document = 0; document < bytes.length;) {
    const end = bytes.indexOf(NEXT_DOCUMENT, document) + 1 || bytes.length;
    if (hashOf(bytes, document, Math.min(end, document + HEAD_LENGTH)) % DOCUMENTS === 0 || end === bytes.length) {
      pieces.push(bytes.subarray(start, end));
      start = end;
    }
    document = end;
  }
  return pieces;
}

/** FNV-1a. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193) >>> 0;
  return hash;
}
