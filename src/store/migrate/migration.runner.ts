import pg, { type ClientBase } from 'pg';
import { PrimaryClient } from '../primary.client.js';
import { type MigrationFile, MIGRATIONS, readMigrations } from './migration-files.reader.js';
import { type AppliedMigration, noteApplied, readApplied } from './migration-table.store.js';

/** Where migrations are read (prisma/migrations where not said) and where one line for each is told. */
export interface MigrateOptions {
  readonly directory?: string;
  readonly log?: (line: string) => void;
}

/** The number of Prisma's own lock: our runner and `prisma migrate deploy` wait for each other. */
const LOCK = 72707369;

/**
 * Takes a database and applies what is missing there, one transaction a migration; gives the names applied. Processes that start together wait
 * for each other. Refuses a migration that was changed after it was applied, and one that Prisma left half applied; a failing one leaves no trace.
 * @example await migrate(process.env.DATABASE_URL) // ['20261122000000_model']
 */
export async function migrate(target: string | ClientBase, options: MigrateOptions = {}): Promise<string[]> {
  if (typeof target !== 'string') return migrateLocked(target, options);
  const client = new PrimaryClient({ connectionString: target, application_name: 'sluice migrate' });
  client.on('error', () => undefined); // the query in flight says it too
  await client.connect();
  try {
    return await migrateLocked(client, options);
  } finally {
    await client.end();
  }
}

async function migrateLocked(client: ClientBase, options: MigrateOptions): Promise<string[]> {
  const { directory = MIGRATIONS, log = () => undefined } = options;
  const files = readMigrations(directory);
  await lock(client, log);
  try {
    const applied = await readApplied(client);
    refuseHistory(files, applied);
    tellUnknown(files, applied, log);
    const known = new Set(applied.map(({ name }) => name));
    const pending = files.filter(({ name }) => !known.has(name));
    for (const file of pending) {
      await apply(client, file);
      log(`migration ${file.name} applied`);
    }
    return pending.map(({ name }) => name);
  } finally {
    // The error of a broken connection would hide the one that broke it, and the lock ends with the connection.
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
  }
}

async function lock(client: ClientBase, log: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1) as ours', [LOCK]);
  if (rows[0]?.ours === true) return;
  log('another process migrates this database; waiting for it');
  await client.query('select pg_advisory_lock($1)', [LOCK]);
}

function refuseHistory(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): void {
  const checksums = new Map(files.map(({ name, checksum }) => [name, checksum]));
  const changed = applied.filter(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum);
  const unfinished = applied.filter(({ finished }) => !finished);
  const problems = [
    ...changed.map(
      ({ name }) => `${name} was changed after it was applied (put the file back and write a new migration)`,
    ),
    ...unfinished.map(({ name }) => `${name} was begun by Prisma and not finished (see \`prisma migrate resolve\`)`),
  ];
  if (problems.length > 0) throw new Error(`this database cannot be migrated: ${problems.join('; ')}`);
}

/** An older server beside a newer one is a rolling update, not an error. */
function tellUnknown(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  log: (line: string) => void,
): void {
  const names = new Set(files.map(({ name }) => name));
  for (const { name } of applied) {
    if (!names.has(name)) log(`migration ${name} is applied and not known here: a newer Sluice uses this database`);
  }
}

async function apply(client: ClientBase, file: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query(file.sql);
    await noteApplied(client, file);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(
      `migration ${file.name} failed${placeOf(error, file.sql)}: ${messageOf(error)}; nothing of it was applied`,
      {
        cause: error,
      },
    );
  }
}

function placeOf(error: unknown, sql: string): string {
  const position = error instanceof pg.DatabaseError ? Number(error.position) : NaN;
  return position > 0 ? ` at line ${sql.slice(0, position).split('\n').length}` : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
