import { diffObjects, type ObjectChange } from '../domain/diff/objects.js';
import type { NetworkPolicy } from '../domain/kubernetes/network-policy.js';
import { policiesOfYaml } from '../domain/render/json-of-yaml.js';
import { yamlPieces } from '../domain/render/yaml-pieces.js';

/** As long as the head of an object may be, with its name and namespace: no two pieces of a stream begin alike. */
const HEAD_LENGTH = 512;

type Pieces = ReadonlyMap<string, Buffer>;

/**
 * What objects two streams differ in that writeYaml wrote, as diffObjects has it. An object that is in a piece of both is the same in both, so only
 * the other pieces are read.
 */
export function diffYaml(before: Uint8Array, after: Uint8Array): ObjectChange[] {
  const [was, is] = [byHead(before), byHead(after)];
  return diffObjects(onlyIn(was, is), onlyIn(is, was));
}

function byHead(yaml: Uint8Array): Pieces {
  const pieces = yamlPieces(yaml).map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  return new Map(pieces.map((piece) => [piece.toString('latin1', 0, HEAD_LENGTH), piece]));
}

function onlyIn(here: Pieces, other: Pieces): NetworkPolicy[] {
  return [...here].flatMap(([head, piece]) => (other.get(head)?.equals(piece) === true ? [] : policiesOfYaml(piece)));
}
