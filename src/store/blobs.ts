import type pg from 'pg';
import type { Blob } from './bundle.store.js';

/**
 * Stores bytes by their digest, at once and outside any transaction: whoever refers to them does so later, and equal bytes are stored once. On `pg`
 * alone, which sends them as they are; an object mapper makes text of them first, and holds the event loop for seconds over many megabytes.
 */
export async function storeBlobs(pool: pg.Pool, blobs: readonly Blob[]): Promise<void> {
  for (const { digest, bytes } of blobs)
    await pool.query('INSERT INTO blob (digest, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      digest,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ]);
}

/** In the binary format a bytea is the bytes; what `pg` knows of it is the text format. */
const AS_SENT = { getTypeParser: () => (value: unknown) => value };

/** Reads bytes by their digest, as they are. */
export async function readBlob(pool: pg.Pool, digest: string): Promise<Buffer | undefined> {
  const query = { text: 'SELECT bytes FROM blob WHERE digest = $1', values: [digest], binary: true, types: AS_SENT };
  return (await pool.query<{ bytes: Buffer }>(query)).rows[0]?.bytes;
}
