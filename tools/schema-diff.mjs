// What a database lacks to be as prisma/schema.prisma says, as SQL. Asked of Prisma's own engine, as WebAssembly: no download, no second database.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** PostgreSQL's own type "char", which the engine reads from the catalogue and the adapter refuses. */
const CHAR_OID = 18;
const TEXT_OID = 25;

const filters = { externalTables: [], externalEnums: [] };
let engineClass;

/** Gives the statements that lead from the database at `url` to the schema; nothing where they agree. Checks, domains and triggers are invisible to Prisma. */
export async function schemaDiff(url, schema) {
  const { exitCode, stdout } = await askEngine(url, schema, (engine, files) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: 'prisma' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters,
      shadowDatabaseUrl: null,
    }),
  );
  return exitCode === 0 ? '' : stdout;
}

/** What `prisma migrate status` finds for these migrations, `{ name, sql }[]`, in the database at `url`. */
export function migrationStatus(url, schema, migrations) {
  const migrationDirectories = migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  }));
  const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"' };
  const migrationsList = { baseDir: 'prisma/migrations', lockfile, shadowDbInitScript: '', migrationDirectories };
  return askEngine(url, schema, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters }),
  );
}

async function askEngine(url, schema, ask) {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const files = [{ path: 'prisma/schema.prisma', content: schema }];
    const options = { datamodels: files.map(({ path, content }) => [path, content]), filters };
    engineClass ??= loadEngine(); // the glue has room for one instance
    const engine = await (
      await engineClass
    ).new(options, () => undefined, bindMigrationAwareSqlAdapterFactory(adapterFor(pool)));
    return await ask(engine, files);
  } finally {
    await pool.end();
  }
}

async function loadEngine() {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

/** Shows columns of type "char" to the adapter as text, and to the engine as what they are. The engine asks one question at a time. */
function adapterFor(pool) {
  let chars = [];
  const query = pool.query.bind(pool);
  pool.query = async (...words) => {
    const result = await query(...words);
    chars = result.fields.flatMap((field, n) => (field.dataTypeID === CHAR_OID ? [n] : []));
    for (const n of chars) result.fields[n].dataTypeID = TEXT_OID;
    return result;
  };
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (words) => {
      const result = await queryRaw(words);
      for (const n of chars) result.columnTypes[n] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  };
  return factory;
}
