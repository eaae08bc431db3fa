// First of all: what follows loads WebAssembly, and leaves enough behind for a collection.
import './bootstrap/wasm-tiering.js';
import './bootstrap/next-tick.js';
import { join } from 'node:path';
import { explainFailure } from './bootstrap/start-failure.js';
import { type Config, readConfig } from './platform/config.js';
import { openLog, standardError, withoutSecrets } from './platform/log.js';
import type { Closers } from './serve.js';
import { startEmbeddedPostgres } from './store/embedded/embedded-postgres.launcher.js';

const SHUTDOWN_MS = 10_000;

const closers: Closers = [];

/** PostgreSQL starts while the rest of the program is still being read: most of a start is imports. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = openLog(config.logLevel, standardError());
  try {
    const [url, { serve }] = await Promise.all([config.databaseUrl ?? openEmbedded(config), import('./serve.js')]);
    await serve(config, url, log, closers);
  } catch (error) {
    throw new Error(explainFailure(error, config), { cause: error });
  }
}

async function openEmbedded(config: Config): Promise<string> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log });
  closers.push(() => postgres.stop());
  return postgres.url;
}

/** Takes no new requests, lets those under way end, closes what was opened; a second signal or ten seconds end it at once. */
async function close(): Promise<void> {
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  for (const closer of closers.splice(0).reverse()) await closer();
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

main().catch(async (error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Sluice could not start: ${withoutSecrets(why)}\n`);
  await close().catch(() => undefined);
  process.exit(1);
});
