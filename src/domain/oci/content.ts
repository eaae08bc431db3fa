import { digest } from '../render/digest.js';
import { EMPTY } from './media-types.js';

/** Bytes that a registry keeps, and the digest by which it does. */
export interface Content {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** How one content points at another. https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * A value as the bytes of compact JSON: no space, no newline, keys in the order in which they were written down. The digest is over these
 * bytes, so the order of keys in the builders is part of the format.
 * @example jsonContent('application/json', { a: 1 }).bytes // the bytes of {"a":1}
 */
export function jsonContent(mediaType: string, value: object): Content {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { mediaType, digest: digest(bytes), bytes };
}

/** @example descriptorOf(EMPTY_CONFIG) // { mediaType: 'application/vnd.oci.empty.v1+json', digest: 'sha256:4413...', size: 2 } */
export function descriptorOf({ mediaType, digest, bytes }: Content): Descriptor {
  return { mediaType, digest, size: bytes.length };
}

/**
 * The config of a manifest that needs none. It is a blob like any other: clients that copy a manifest fetch it.
 * https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidance-for-an-empty-descriptor
 */
export const EMPTY_CONFIG = jsonContent(EMPTY, {});
