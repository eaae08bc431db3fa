import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A second installation of this build that knows all migrations but the last: to it the database is that of a newer Sluice, as to the old process in
 * a rolling update. Its code is the present one; an earlier commit is nothing that an installation has. Gives its main module.
 */
export function olderBuild(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['bundle', 'prisma', 'package.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const migrations = join(folder, 'prisma', 'migrations');
  const names = readdirSync(migrations)
    .filter((name) => /^\d/.test(name))
    .sort();
  rmSync(join(migrations, names.at(-1)!), { recursive: true });
  return join(folder, 'bundle', 'main.js');
}
