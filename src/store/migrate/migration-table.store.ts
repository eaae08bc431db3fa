import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { MigrationFile } from './migration-files.reader.js';

/** One row of Prisma's own table of migrations. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Prisma's own definition, column by column: `prisma migrate status` and `deploy` then agree with ours. */
const TABLE = `create table _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

/** Gives what stands in the database, in the order of names; makes the table where it is missing. */
export async function readApplied(client: ClientBase): Promise<AppliedMigration[]> {
  // Not `create table if not exists`: that asks for the right to create even where the table exists.
  const found = await client.query<{ there: boolean }>(`select to_regclass('_prisma_migrations') is not null as there`);
  if (found.rows[0]?.there !== true) await client.query(TABLE);
  const { rows } = await client.query<AppliedMigration>(
    `select migration_name as name, checksum, finished_at is not null as finished
       from _prisma_migrations where rolled_back_at is null order by migration_name`,
  );
  return rows;
}

/** Notes, inside the migration's own transaction, that it is applied. */
export async function noteApplied(client: ClientBase, { name, checksum }: MigrationFile): Promise<void> {
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}
