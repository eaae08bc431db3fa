// `npm run migration -- <name>`: writes prisma/migrations/<time>_<name>/migration.sql, from the migrations there are to prisma/schema.prisma.
// A draft: what Prisma cannot say (checks, domains, data) is added by hand.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';
import { schemaDiff } from './schema-diff.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const name = process.argv[2] ?? '';
if (!/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: npm run migration -- <name in lower_case>');
  process.exit(2);
}

await compile();
const { startEmbeddedPostgres } = await import('../dist/store/embedded/embedded-postgres.launcher.js');
const { migrate } = await import('../dist/store/migrate/migration.runner.js');
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-migration-'));
const server = await startEmbeddedPostgres({ dataDir, durability: 'throw-away' });
try {
  await migrate(server.url);
  const sql = await schemaDiff(server.url, readFileSync('prisma/schema.prisma', 'utf8'));
  if (sql === '') console.log('the migrations already say what prisma/schema.prisma says');
  else write(sql);
} finally {
  await server.stop();
  for (const folder of [server.home, dataDir]) rmSync(folder, { recursive: true, force: true });
}

function write(sql) {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = `prisma/migrations/${time}_${name}/migration.sql`;
  mkdirSync(join(file, '..'));
  writeFileSync(file, sql);
  console.log(`${file}\n\n${sql}`);
}
