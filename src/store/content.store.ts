import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { compareText, SluiceError } from '../domain/errors.js';
import { digest } from '../domain/render/digest.js';
import { type Fragment, gzipOf, LAST_BLOCK } from '../domain/render/fragment.js';
import type { BundleBlobs } from './bundle-blobs.js';
import type { PiecedContent, EditionContents } from '../domain/render/contents.js';
import type { Sql } from './sql.js';

/** What is stored of a version, and what to say of its archive: its size in bytes, and the digest of what it holds. */
export interface StoredContents {
  readonly blobs: BundleBlobs;
  /** Of the List, which is made of the YAML. */
  readonly jsonDigest: string;
  readonly archive: { readonly size: number; readonly tarDigest: string };
}

/** Bytes by their digest. */
export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** How a blob is made of its row: `whole` is its own bytes; of fragments, `joined` is what they hold, `gzip` is them in a gzip member. */
type Form = 'whole' | 'joined' | 'gzip';

interface BlobRow extends PiecedContent {
  readonly form: Form;
}

/**
 * Content that retention removed after it was found, and before it was read or referred to. Whoever was about to publish begins again: what
 * retention keeps of it is kept for ever.
 */
export class ContentGone extends SluiceError {
  constructor(digest: string) {
    super('gone', `a piece of ${digest} is missing, as retention removed what nothing referred to: ask again`);
  }
}

const BATCH_BYTES = 1 << 20;
const inflate = promisify(inflateRaw);

/**
 * Bytes by their sha256. What is rendered is stored as fragments, compressed once and shared by all versions and representations they stand in; a
 * blob is put together of them without compressing anything, so it has the same digest for ever.
 */
export class ContentStore {
  /**
   * Stores what is not there yet, and gives what to call it. May be done ahead of the transaction that refers to it, which must then `hold` it.
   * What is compressed already stays as it is: another build of zlib would write it in another way. Refuses (ContentGone) where a piece
   * that was not given is no longer stored.
   */
  async put(sql: Sql, { fresh, ...contents }: EditionContents): Promise<StoredContents> {
    for (const batch of batchesOf(fresh)) await insertFragments(sql, batch);
    const { yaml, tar, snapshot, jsonDigest } = contents;
    const zipped = await gzipsOf(sql, [yaml, tar]);
    await insertBlobs(sql, [{ ...snapshot, form: 'joined' }, ...zipped]);
    const [yamlGzip = '', tarGzip = ''] = zipped.map((row) => row.digest);
    return {
      blobs: { snapshot: snapshot.digest, yamlGzip, tar: tarGzip },
      jsonDigest,
      archive: { size: zipped[1]?.size ?? 0, tarDigest: tar.digest },
    };
  }

  /** As put, within the transaction that refers to it: nothing of it goes until that ends. */
  async putHeld(sql: Sql, contents: EditionContents): Promise<StoredContents> {
    await sql('LOCK TABLE blob IN ROW EXCLUSIVE MODE', []); // as an insert does: only retention waits
    return this.put(sql, contents);
  }

  /** From here to the end of the transaction what was stored ahead of it stays. Refuses (ContentGone) what is no longer stored. */
  async hold(sql: Sql, stored: StoredContents): Promise<StoredContents> {
    const digests = [...new Set(Object.values(stored.blobs) as string[])];
    const rows = await sql<{ digest: string }>(
      'SELECT digest::text FROM blob WHERE digest = ANY($1::text[]) FOR KEY SHARE',
      [digests],
    );
    const held = new Set(rows.map(({ digest }) => digest));
    for (const digest of digests) if (!held.has(digest)) throw new ContentGone(digest);
    return stored;
  }

  /** Those of the digests that are stored. */
  async get(sql: Sql, digests: readonly string[]): Promise<Blob[]> {
    const rows = await sql<{ head: string; body: Buffer }>(
      `SELECT array_to_string(ARRAY[digest, form, length::text, crc32::text], ' ', '') AS head,
              coalesce(bytes, ${FRAGMENTS_OF_BLOB}) AS body FROM blob WHERE digest = ANY($1::text[])`,
      [digests],
    );
    return Promise.all(rows.map(toBlob));
  }

  /** What the fragments of a blob have in compressed form, one behind the other. */
  async deflated(sql: Sql, digest: string): Promise<Buffer> {
    const rows = await sql<{ body: Buffer }>(`SELECT ${FRAGMENTS_OF_BLOB} AS body FROM blob WHERE digest = $1`, [
      digest,
    ]);
    if (rows[0] === undefined) throw new ContentGone(digest);
    return rows[0].body;
  }

  /** The digests of all pieces that the blobs are put together of. */
  async piecesOf(sql: Sql, digests: readonly string[]): Promise<string[]> {
    const rows = await sql<{ pieces: string }>(
      `SELECT coalesce(string_agg('sha256:' || encode(digest, 'hex'), ' '), '') AS pieces FROM fragment
       WHERE id IN (SELECT unnest(fragments) FROM blob WHERE digest = ANY($1::text[]))`,
      [digests],
    );
    return (rows[0]?.pieces ?? '').split(' ').filter((text) => text !== '');
  }
}

/** One value, so that the database puts it together. */
const FRAGMENTS_OF_BLOB = `(SELECT coalesce(string_agg(f.deflated, ''::bytea ORDER BY p.position), ''::bytea)
  FROM unnest(blob.fragments) WITH ORDINALITY AS p (id, position) JOIN fragment f ON f.id = p.id)`;

/** In the order of their digests, as all who store fragments do: two that wait for each other's would wait for ever. */
function batchesOf(fresh: readonly Fragment[]): Fragment[][] {
  const batches: Fragment[][] = [];
  let batch: Fragment[] = [];
  let held = 0;
  for (const fragment of [...fresh].sort((a, b) => compareText(a.digest, b.digest))) {
    if (batch.length === 0) batches.push(batch);
    batch.push(fragment);
    held += fragment.deflated.length;
    if (held < BATCH_BYTES) continue;
    batch = [];
    held = 0;
  }
  return batches;
}

async function insertFragments(sql: Sql, batch: readonly Fragment[]): Promise<void> {
  let offset = 1;
  const offsets = batch.map(({ deflated }) => (offset += deflated.length) - deflated.length);
  await sql(
    `INSERT INTO fragment (digest, length, deflated)
     SELECT decode(digest, 'hex'), length, substring($5::bytea FROM place FOR size)
     FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS fresh (digest, length, place, size) ON CONFLICT DO NOTHING`,
    [
      batch.map((fragment) => hexOf(fragment.digest)),
      batch.map(({ length }) => length),
      offsets,
      batch.map(({ deflated }) => deflated.length),
      Buffer.concat(batch.map(({ deflated }) => deflated)),
    ],
  );
}

/** Put together of what is stored, which need not be what was compressed just now. */
async function gzipsOf(sql: Sql, contents: readonly PiecedContent[]): Promise<(BlobRow & { readonly size: number })[]> {
  const rows = await sql<{ count: string; body: Buffer }>(
    `SELECT array_to_string(ARRAY[count(f.id)], '') AS count, coalesce(string_agg(f.deflated, ''::bytea ORDER BY p.position), ''::bytea) AS body
     FROM json_array_elements($1::json) WITH ORDINALITY AS c (pieces, number)
     LEFT JOIN LATERAL json_array_elements_text(c.pieces) WITH ORDINALITY AS p (digest, position) ON true
     LEFT JOIN fragment f ON f.digest = decode(p.digest, 'hex') GROUP BY c.number ORDER BY c.number`,
    [JSON.stringify(contents.map(({ pieces }) => pieces.map(hexOf)))],
  );
  return contents.map((content, index) => {
    const { count, body } = rows[index] ?? { count: '0', body: Buffer.alloc(0) };
    if (Number(count) !== content.pieces.length) throw new ContentGone(content.digest);
    const bytes = gzipOf(body, content);
    return { ...content, form: 'gzip', digest: digest(bytes), size: bytes.length };
  });
}

/**
 * Waits where retention is at work, and only then looks for the fragments: one that it took leaves its blob out, instead of leaving it with
 * a hole.
 */
async function insertBlobs(sql: Sql, rows: readonly BlobRow[]): Promise<void> {
  const values = rows.map((row) => ({ ...row, pieces: row.pieces.map(hexOf) }));
  const [lacking] = await sql<{ digest: string }>(
    `WITH made AS MATERIALIZED (
       SELECT b.digest, b.form, b.length, b.crc32, json_array_length(b.pieces) AS pieces, ARRAY(
         SELECT f.id FROM json_array_elements_text(b.pieces) WITH ORDINALITY AS p (digest, position)
         JOIN fragment f ON f.digest = decode(p.digest, 'hex') ORDER BY p.position) AS fragments
       FROM json_to_recordset($1::json) AS b (digest text, form text, length bigint, crc32 bigint, pieces json)
     ), stored AS (
       INSERT INTO blob (digest, form, length, crc32, fragments)
       SELECT digest, form, length, crc32, fragments FROM made WHERE cardinality(fragments) = pieces
       ORDER BY digest ON CONFLICT DO NOTHING
     )
     SELECT digest FROM made WHERE cardinality(fragments) <> pieces`,
    [JSON.stringify(values)],
  );
  if (lacking !== undefined) throw new ContentGone(lacking.digest);
}

async function toBlob({ head, body }: { readonly head: string; readonly body: Buffer }): Promise<Blob> {
  const [name = '', form, length, crc32] = head.split(' ');
  switch (form as Form) {
    case 'whole':
      return { digest: name, bytes: body };
    case 'joined':
      return { digest: name, bytes: await inflate(Buffer.concat([body, LAST_BLOCK])) };
    case 'gzip': {
      const bytes = gzipOf(body, { length: Number(length), crc32: Number(crc32) });
      return { digest: name, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    }
  }
}

function hexOf(name: string): string {
  return name.slice('sha256:'.length);
}
