import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrate/migration-files.reader.js';
import { migrate } from '../../src/store/migrate/migration.runner.js';
import { startTestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let client: pg.Client;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase('empty');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  directory = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));
});

afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(directory, { recursive: true });
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

async function tables(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not like '\\_%' order by 1`,
  );
  return rows.map(({ name }) => name);
}

describe('migrate', () => {
  it('applies what is missing, in the order of the names, and then nothing', async () => {
    write('2_second', 'alter table a add column n int;');
    write('1_first', 'create table a (); create table b ();');
    expect(await migrate(client, { directory })).toEqual(['1_first', '2_second']);
    expect(await tables()).toEqual(['a', 'b']);
    expect(await migrate(client, { directory })).toEqual([]);
    write('3_third', 'create table c ();');
    expect(await migrate(database.url, { directory })).toEqual(['3_third']);
  });

  it('is done once when several processes start together', async () => {
    write('1_first', 'create table a (); select pg_sleep(0.2);');
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, { directory })));
    expect(applied.flat()).toEqual(['1_first']);
  });

  it('leaves nothing of a failing migration, names it and the line, and keeps those before it', async () => {
    write('1_first', 'create table a ();');
    write('2_broken', 'create table b ();\n\nalter table missing add column n int;');
    await expect(migrate(client, { directory })).rejects.toThrow(
      /2_broken failed.*relation "missing" does not exist; nothing of it was applied/,
    );
    expect(await tables()).toEqual(['a']);
    write('2_broken', 'create table b ();\n\nselekt 1;');
    await expect(migrate(client, { directory })).rejects.toThrow(/2_broken failed at line 3/);
    write('2_broken', 'create table b ();');
    expect(await migrate(client, { directory })).toEqual(['2_broken']);
  });

  it('leaves a server that runs as it was, where one of a newer server fails', async () => {
    cpSync(MIGRATIONS, directory, { recursive: true });
    await migrate(client, { directory });
    const sluice = await startTestApp({ databaseUrl: database.url });
    try {
      await sluice.request.post('/v1/teams').send({ name: 'before' }).expect(201);
      write('99999999999999_newer', 'ALTER TABLE team ADD COLUMN motto text; ALTER TABLE team ADD CHECK (name = 1);');
      await expect(migrate(database.url, { directory })).rejects.toThrow(/newer failed.*nothing of it was applied/);
      await sluice.request.post('/v1/teams').send({ name: 'after' }).expect(201);
      expect((await sluice.request.get('/v1/teams').expect(200)).body.items).toHaveLength(2);
    } finally {
      await sluice.close();
    }
  });

  it('does not keep a migration that it cannot note', async () => {
    write('1_first', 'create table a ();');
    write('2_unnoted', `create table b (); alter table _prisma_migrations add check (migration_name <> '2_unnoted');`);
    await expect(migrate(client, { directory })).rejects.toThrow(/2_unnoted failed/);
    expect(await tables()).toEqual(['a']);
  });

  it('refuses a migration that was changed after it was applied', async () => {
    write('1_first', 'create table a ();');
    await migrate(client, { directory });
    write('1_first', 'create table a (n int);');
    write('2_second', 'create table b ();');
    await expect(migrate(client, { directory })).rejects.toThrow(/1_first was changed after it was applied/);
    expect(await tables()).toEqual(['a']);
  });

  it('refuses to go on where Prisma left a migration half applied', async () => {
    write('1_first', 'create table a ();');
    await migrate(client, { directory });
    await client.query('update _prisma_migrations set finished_at = null');
    await expect(migrate(client, { directory })).rejects.toThrow(/1_first was begun by Prisma and not finished/);
    await client.query('update _prisma_migrations set rolled_back_at = now(); drop table a');
    expect(await migrate(client, { directory })).toEqual(['1_first']);
  });

  it('tells of a migration that only a newer server knows, and goes on', async () => {
    write('1_first', 'create table a ();');
    write('2_newer', 'create table b ();');
    await migrate(client, { directory });
    rmSync(join(directory, '2_newer'), { recursive: true });
    const lines: string[] = [];
    expect(await migrate(client, { directory, log: (line) => lines.push(line) })).toEqual([]);
    expect(lines).toEqual(['migration 2_newer is applied and not known here: a newer Sluice uses this database']);
  });

  it('needs no right to create once everything is applied', async () => {
    write('1_first', 'create table a ();');
    await migrate(client, { directory });
    await client.query(`create role reader; grant select on _prisma_migrations to reader; set role reader`);
    expect(await migrate(client, { directory })).toEqual([]);
    await client.query('reset role; drop owned by reader; drop role reader');
  });

  it('gives up the lock, also after a failure', async () => {
    write('1_broken', 'selekt 1;');
    await migrate(client, { directory }).catch(() => undefined);
    const { rows } = await client.query(`select 1 from pg_locks where locktype = 'advisory'`);
    expect(rows).toEqual([]);
  });
});
