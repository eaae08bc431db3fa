import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS, readMigrations } from '../../src/store/migrate/migration-files.reader.js';
import { migrationStatus, schemaDiff } from '../../tools/schema-diff.mjs';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const schema = readFileSync('prisma/schema.prisma', 'utf8');
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

describe('prisma/schema.prisma and prisma/migrations', () => {
  it('say the same', async () => {
    expect(await schemaDiff(database.url, schema)).toBe('');
  });

  it('would be told apart', async () => {
    const other = schema.replace(/^model Team \{$/m, 'model Team {\n  nickname String?');
    expect(await schemaDiff(database.url, other)).toContain('ALTER TABLE "team" ADD COLUMN     "nickname" TEXT');
  });
});

describe('the table of migrations', () => {
  it('is what Prisma itself would have written', async () => {
    const migrations = readMigrations(MIGRATIONS);
    const upToDate = { history: null, failedMigrationNames: [], editedMigrationNames: [], hasMigrationsTable: true };
    expect(await migrationStatus(database.url, schema, migrations)).toEqual(upToDate);

    const edited = migrations.map(({ name, sql }) => ({ name, sql: `${sql}-- edited` }));
    const { editedMigrationNames } = await migrationStatus(database.url, schema, edited);
    expect(editedMigrationNames).toEqual(migrations.map(({ name }) => name));
  });
});
