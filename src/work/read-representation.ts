import { digest } from '../domain/render/digest.js';
import { jsonOfStream } from '../domain/render/json.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import { unpacked } from './edition-source.js';

/** Bytes that a version is served as: stored under their digest, the YAML unpacked, or the List that is made of it. */
export type StoredRepresentation =
  | { readonly kind: 'stored'; readonly digest: string }
  | { readonly kind: 'unpacked' | 'list'; readonly digest: string; readonly yamlGzip: string };

/**
 * In memory of their own: a thread hands them over without a copy. Refuses (throws) to give what is made of the stored bytes and is not what was
 * published, which nobody should trust.
 */
export async function readRepresentation(asked: StoredRepresentation, bytes: EditionBytes): Promise<Uint8Array> {
  switch (asked.kind) {
    case 'stored':
      return new Uint8Array(await bytes.blob(asked.digest));
    case 'unpacked':
      return held(asked, await unpacked(bytes, asked.yamlGzip));
    case 'list':
      return held(asked, Buffer.from(jsonOfStream(await unpacked(bytes, asked.yamlGzip))));
  }
}

function held(asked: StoredRepresentation & { readonly yamlGzip: string }, bytes: Uint8Array): Uint8Array {
  if (digest(bytes) !== asked.digest) throw new Error(`what is made of ${asked.yamlGzip} is not ${asked.digest}`);
  return new Uint8Array(bytes);
}
