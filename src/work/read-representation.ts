import { digest } from '../domain/render/digest.js';
import { jsonOfStream } from '../domain/render/json.js';
import type { EditionBytes } from '../store/edition-bytes.js';

/** Bytes that a version is served as: stored under their digest, or the List that is made of the YAML that is stored. */
export type StoredRepresentation =
  | { readonly kind: 'stored'; readonly digest: string }
  | { readonly kind: 'list'; readonly digest: string; readonly yaml: string };

/**
 * In memory of their own: a thread hands them over without a copy. Refuses (throws) to give a List that is not the one that was published, which
 * nobody should trust.
 */
export async function readRepresentation(asked: StoredRepresentation, bytes: EditionBytes): Promise<Uint8Array> {
  switch (asked.kind) {
    case 'stored':
      return new Uint8Array(await bytes.blob(asked.digest));
    case 'list': {
      const list = new Uint8Array(Buffer.from(jsonOfStream(await bytes.blob(asked.yaml))));
      if (digest(list) !== asked.digest) throw new Error(`the List of ${asked.yaml} is not ${asked.digest}`);
      return list;
    }
  }
}
