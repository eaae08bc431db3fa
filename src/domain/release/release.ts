import type { TarFile } from '../render/tar.js';
import { readLayer, type ReleaseContent } from './content.js';
import { readManifest, type Read, type ReleaseManifest } from './manifest.js';
import type { ReleaseKey } from './public-key.js';
import { checkSignatures, type Signature } from './signature.js';

/** A version as it was fetched, byte by byte: all that verifying needs, with no server. */
export interface Release {
  readonly manifest: Uint8Array;
  readonly signatures: readonly Signature[];
  readonly layer: Uint8Array;
}

/** A manifest that one of the keys stands for. */
export interface SignedManifest extends ReleaseManifest {
  /** The hint of that key. */
  readonly signedBy: string;
}

export interface VerifiedRelease extends ReleaseContent {
  readonly manifest: SignedManifest;
}

/**
 * Reads a manifest and asks whether a key stands for it: before that, nothing of it is to be believed.
 * @example readSigned(manifest, signatures, keys) // { kind: 'unreadable', why: 'no signature is of the key ...' }
 */
export function readSigned(
  bytes: Uint8Array,
  signatures: readonly Signature[],
  keys: readonly ReleaseKey[],
): Read<SignedManifest> {
  const read = readManifest(bytes);
  if (read.kind === 'unreadable') return { kind: 'unreadable', why: `the manifest cannot be read: ${read.why}` };
  const vouched = checkSignatures(read.value, signatures, keys);
  if (vouched.kind === 'vouched') return { kind: 'read', value: { ...read.value, signedBy: vouched.by } };
  return { kind: 'unreadable', why: `${read.value.digest} is not signed as it should be: ${vouched.why}` };
}

/**
 * The chain from the key to every byte: key, signature, manifest, layer, archive, content, objects.
 * @example verifyRelease(release, keys) // { kind: 'read', value: { manifest, files, policies } }
 */
export function verifyRelease(release: Release, keys: readonly ReleaseKey[]): Read<VerifiedRelease> {
  const signed = readSigned(release.manifest, release.signatures, keys);
  if (signed.kind === 'unreadable') return signed;
  const content = readLayer(signed.value, release.layer);
  return content.kind === 'unreadable'
    ? content
    : { kind: 'read', value: { manifest: signed.value, ...content.value } };
}

/** What lies in a folder under a name: a file with these bytes, or something that is none. */
export interface FoundFile {
  readonly name: string;
  readonly content: Uint8Array | 'no file';
}

/**
 * The files that were unpacked against those of the archive: a sentence for each that is missing, more, or another one; empty where all fit.
 * @example compareFiles(files, found) // ['shop.yaml is not as it was published']
 */
export function compareFiles(files: readonly TarFile[], found: readonly FoundFile[]): string[] {
  const there = new Map(found.map(({ name, content }) => [name, content]));
  const wanted = new Set(files.map(({ name }) => name));
  const more = found.filter(({ name }) => !wanted.has(name));
  return [
    ...files.flatMap(({ name, content }) => {
      const own = there.get(name);
      if (own === undefined) return [`${name} is missing`];
      return own !== 'no file' && Buffer.compare(own, content) === 0 ? [] : [`${name} is not as it was published`];
    }),
    ...more.map(({ name }) => `${name} is no file of this version`),
  ];
}
