import { dnsLabel } from '../domain/model/names.js';
import type { Tag } from '../domain/model/tag.js';
import type { Db } from './database.js';
import type { TagModel } from './generated/models.js';
import { afterName, type Filter, type Key, type ModelStore, type Stored, type Window } from './model-store.js';

/** A version of an environment, by its number. */
export interface VersionName {
  readonly environment: string;
  readonly version: number;
}

/** Filter: `environment`. */
export class TagStore implements ModelStore<Tag> {
  readonly fromRow = toTag as (row: unknown) => Stored<Tag>;

  async get(db: Db, key: Key): Promise<Stored<Tag> | undefined> {
    const row = await db.tag.findUnique({ where: { environmentName_name: idOf(key) } });
    return row ? toTag(row) : undefined;
  }

  async list(db: Db, filter: Filter, window: Window): Promise<Stored<Tag>[]> {
    const where = { environmentName: String(filter['environment']), ...afterName(window) };
    return (await db.tag.findMany({ where, orderBy: { name: 'asc' }, take: window.take })).map(toTag);
  }

  /** The tags of each of the versions, by name. */
  async ofVersions(db: Db, versions: readonly VersionName[]): Promise<Tag[]> {
    if (versions.length === 0) return [];
    return db.$queryRaw<Tag[]>`
      SELECT t.environment, t.name, t.version
      FROM unnest(${versions.map(({ environment }) => environment)}::text[], ${versions.map(({ version }) => version)}::int[])
        AS wanted (environment, version)
      JOIN tag t ON t.environment = wanted.environment AND t.version = wanted.version ORDER BY t.environment, t.name`;
  }

  /** Those of the tags that there are. Asked anew each time: what one marks may change at any moment, in any process. */
  async named(db: Db, tags: readonly Pick<Tag, 'environment' | 'name'>[]): Promise<Tag[]> {
    // What is no name has no tag, and may hold what is no text to PostgreSQL.
    const asked = tags.filter(({ environment, name }) =>
      [environment, name].every((text) => dnsLabel(text) === undefined),
    );
    if (asked.length === 0) return [];
    return db.$queryRaw<Tag[]>`
      SELECT t.environment, t.name, t.version
      FROM unnest(${asked.map(({ environment }) => environment)}::text[], ${asked.map(({ name }) => name)}::text[]) AS wanted (environment, name)
      JOIN tag t ON t.environment = wanted.environment AND t.name = wanted.name`;
  }

  /** The names of all tags of an environment, in order. */
  async names(db: Db, environment: string): Promise<string[]> {
    const where = { environmentName: environment };
    return (await db.tag.findMany({ where, orderBy: { name: 'asc' }, select: { name: true } })).map(({ name }) => name);
  }

  async insert(db: Db, { environment, ...tag }: Tag, revision: bigint): Promise<void> {
    await db.tag.create({ data: { environmentName: environment, ...tag, revision } });
  }

  async replace(db: Db, { environment, name, version }: Tag, revision: bigint): Promise<void> {
    const id = { environmentName: environment, name };
    await db.tag.update({ where: { environmentName_name: id }, data: { version, revision } });
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.tag.delete({ where: { environmentName_name: idOf(key) } });
  }

  async referrers(): Promise<string[]> {
    return [];
  }
}

function idOf(key: Key): { environmentName: string; name: string } {
  return { environmentName: key['environment']!, name: key['name']! };
}

function toTag({ environmentName, name, version, revision }: TagModel): Stored<Tag> {
  return { value: { environment: environmentName, name, version }, revision: Number(revision) };
}
