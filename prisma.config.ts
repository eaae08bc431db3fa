import { defineConfig } from 'prisma/config';

const url = process.env['DATABASE_URL'];

// Only the command line of Prisma reads this (`npx prisma migrate status`, `generate`); the server takes DATABASE_URL through src/platform/config.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url === undefined ? {} : { datasource: { url } }),
});
