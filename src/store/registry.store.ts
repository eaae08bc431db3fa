import { IMAGE_CONFIG, LAYER } from '../domain/oci/media-types.js';
import type { Referrer } from '../domain/oci/referrers.js';
import type { RegistryEntry } from '../domain/signing/registry-entries.js';
import type { Sql } from './sql.js';

/** What is found by a digest or a tag. */
export interface StoredEntry {
  readonly kind: RegistryEntry['kind'];
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** The archive of a version: its size in bytes, and the digest of what it holds. */
export interface StoredArchive {
  readonly size: number;
  readonly tarDigest: string;
}

/** A row as it comes: one text, of parts that have no space. */
interface EntryRow {
  readonly entry: string;
}

const ENTRY = "array_to_string(ARRAY[kind, media_type, digest, size::text], ' ') AS entry";

/** What a registry has of each version: which blobs belong to an environment, what they are, and who speaks of whom. */
export class RegistryStore {
  /** Stores the entries of a version with their bytes, in the transaction that publishes it. */
  async put(sql: Sql, environment: string, version: number, entries: readonly RegistryEntry[]): Promise<void> {
    const whole = entries.flatMap(({ digest, bytes }) =>
      bytes === undefined ? [] : [{ digest, bytes: hexOf(bytes) }],
    );
    await sql(
      `INSERT INTO blob (digest, form, fragments, bytes)
       SELECT DISTINCT ON (digest) digest, 'whole', '{}'::int[], decode(bytes, 'hex')
       FROM json_to_recordset($1::json) AS b (digest text, bytes text) ORDER BY digest ON CONFLICT DO NOTHING`,
      [JSON.stringify(whole)],
    );
    const rows = entries.map(({ kind, mediaType, digest, size, tag, about }, position) => ({
      ...{ position, kind, media_type: mediaType, digest, size, tag },
      ...(about && { subject: about.subject, artifact_type: about.artifactType, annotations: about.annotations }),
    }));
    await sql(
      `INSERT INTO registry_entry (environment, version, digest, position, kind, media_type, size, tag, subject, artifact_type, annotations)
       SELECT DISTINCT ON (digest) $1, $2::int, digest, position, kind, media_type, size, tag, subject, artifact_type, annotations
       FROM json_to_recordset($3::json) AS e (digest text, position int, kind text, media_type text, size bigint, tag text, subject text, artifact_type text, annotations json)
       ORDER BY digest, position`,
      [environment, version, JSON.stringify(rows)],
    );
  }

  /** By digest: whatever version of the environment has it. */
  byDigest(sql: Sql, environment: string, digest: string): Promise<StoredEntry | undefined> {
    return one(sql, `environment = $1 AND digest = $2 LIMIT 1`, [environment, digest]);
  }

  /** The manifest of a version's image. */
  byVersion(sql: Sql, environment: string, version: number): Promise<StoredEntry | undefined> {
    return one(sql, `environment = $1 AND version = $2::int AND position = 0`, [environment, version]);
  }

  /** What the image of a version says of its archive; nothing where there is no such version. */
  async archive(sql: Sql, environment: string, version: number): Promise<StoredArchive | undefined> {
    const rows = await sql<{ size: string; tar: string }>(
      `SELECT layer.size::text, convert_from(b.bytes, 'UTF8')::json -> 'rootfs' -> 'diff_ids' ->> 0 AS tar
       FROM registry_entry layer
       JOIN registry_entry config ON config.environment = layer.environment AND config.version = layer.version AND config.media_type = $4
       JOIN blob b ON b.digest = config.digest
       WHERE layer.environment = $1 AND layer.version = $2::int AND layer.media_type = $3
       ORDER BY config.position LIMIT 1`,
      [environment, version, LAYER, IMAGE_CONFIG],
    );
    const [row] = rows;
    return row && { size: Number(row.size), tarDigest: row.tar };
  }

  /** A manifest by a tag of its own: those of versions are no rows. */
  byTag(sql: Sql, environment: string, tag: string): Promise<StoredEntry | undefined> {
    return one(sql, `environment = $1 AND tag = $2 LIMIT 1`, [environment, tag]);
  }

  /** The manifests about a manifest, those of releases first, as they were stored. */
  async referrers(sql: Sql, environment: string, subject: string): Promise<Referrer[]> {
    const rows = await sql<EntryRow & { about: string }>(
      `SELECT ${ENTRY}, json_build_object('artifactType', artifact_type, 'annotations', annotations)::text AS about
       FROM registry_entry WHERE environment = $1 AND subject = $2 ORDER BY version, position`,
      [environment, subject],
    );
    return rows.map(({ entry, about }) => {
      const { mediaType, digest, size } = toEntry({ entry });
      return { mediaType, digest, size, ...(JSON.parse(about) as Pick<Referrer, 'artifactType' | 'annotations'>) };
    });
  }

  /** The numbers of all versions. */
  async versions(sql: Sql, environment: string): Promise<number[]> {
    const rows = await sql<{ versions: string }>(
      `SELECT coalesce(string_agg(version::text, ' '), '') AS versions FROM bundle WHERE environment = $1`,
      [environment],
    );
    return (rows[0]?.versions ?? '')
      .split(' ')
      .filter((text) => text !== '')
      .map(Number);
  }
}

async function one(sql: Sql, where: string, values: readonly unknown[]): Promise<StoredEntry | undefined> {
  const [row] = await sql<EntryRow>(`SELECT ${ENTRY} FROM registry_entry WHERE ${where}`, values);
  return row && toEntry(row);
}

function toEntry({ entry }: EntryRow): StoredEntry {
  const [kind, mediaType = '', digest = '', size] = entry.split(' ');
  return { kind: kind === 'manifest' ? 'manifest' : 'blob', mediaType, digest, size: Number(size) };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
