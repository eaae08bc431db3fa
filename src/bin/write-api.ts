import { mkdirSync, writeFileSync } from 'node:fs';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { pino } from 'pino';
import { createApp } from '../create-app.js';
import { readConfig } from '../platform/config.js';
import { openApiDocument } from '../platform/openapi/document.js';
import { Database } from '../store/database.js';
import { Notifications } from '../store/notifications.js';
import { WorkPool } from '../work/work-pool.js';

/** Connections are opened when they are needed, and here none is. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

/** Writes what clients read of the API before they call it: openapi/openapi.json and openapi/schema.graphql. Needs no database. */
export async function main(): Promise<void> {
  const { version } = readConfig({});
  const ignore = () => undefined;
  const database = new Database({ url: NOWHERE, poolSize: 1, onError: ignore });
  const notifications = new Notifications(NOWHERE, ignore);
  const pool = new WorkPool();
  const app = await createApp({ database, notifications, pool, log: pino({ level: 'silent' }), version });
  await app.init();
  mkdirSync('openapi', { recursive: true });
  writeFileSync('openapi/openapi.json', `${JSON.stringify(openApiDocument(app, version), undefined, 2)}\n`);
  const { schema } = app.get(GraphQLSchemaHost, { strict: false });
  writeFileSync('openapi/schema.graphql', `${printSchema(lexicographicSortSchema(schema))}\n`);
  await app.close();
  await database.close();
}
