import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One migration as it is written: the folder's name, what to run, and the checksum that Prisma would store for it. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** prisma/migrations of this repository. src/ and dist/ have the same depth, so this holds in both. */
export const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** Takes a folder of migrations, gives them in the order of their names; refuses a missing folder. */
export function readMigrations(directory: string): MigrationFile[] {
  if (!existsSync(directory)) throw new Error(`the folder of migrations ${directory} does not exist`);
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}
