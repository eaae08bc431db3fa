import type { EditionBytes } from '../store/edition-bytes.js';

/** What is stored under a digest, in memory of its own: a thread hands it over without a copy. */
export async function readBytes({ digest }: { readonly digest: string }, bytes: EditionBytes): Promise<Uint8Array> {
  return new Uint8Array(await bytes.blob(digest));
}
