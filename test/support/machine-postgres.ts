import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.launcher.js';
import { freePort, startPostmaster, stopPostmaster } from '../../src/store/embedded/postmaster.process.js';
import { asAccount } from '../../src/store/embedded/program.spawn.js';
import { serviceAccount } from '../../src/store/embedded/service-account.lookup.js';

/** The oldest that Sluice works with. */
const MAJOR_MIN = 14;

/** Programs of PostgreSQL that the machine happens to have: those for dumps, and the server of the same version beside them. */
export interface MachinePostgres {
  readonly major: number;
  readonly dump: string;
  readonly restore: string;
  readonly folder: string;
}

/** What the machine has, or why that cannot be used. */
export function machinePostgres(): MachinePostgres | string {
  if (process.platform === 'win32') return 'looked for on Linux and macOS only';
  try {
    const version = execFileSync('pg_dump', ['--version'], { encoding: 'utf8' });
    const major = Number(/(\d+)/.exec(version)?.[1]);
    if (major < MAJOR_MIN) return `pg_dump is of version ${major}, and Sluice needs ${MAJOR_MIN}`;
    const folder = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    const found = [folder, `/usr/lib/postgresql/${major}/bin`].find((one) => existsSync(join(one, 'initdb')));
    if (found === undefined) return `pg_dump is there, and no server of version ${major} beside it`;
    const [dump, restore] = ['pg_dump', 'pg_restore'].map((name) => realpathSync(join(found, name)));
    return { major, dump: dump!, restore: restore!, folder: dirname(dump!) };
  } catch {
    return 'there is no pg_dump';
  }
}

/** A throw-away server of those programs. `stop` removes its folder. */
export async function startMachinePostgres({
  folder,
}: MachinePostgres): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-machine-postgres-'));
  const directory = join(home, 'cluster');
  const account = serviceAccount(directory);
  chmodSync(home, 0o755);
  if (account !== undefined) chownSync(home, account.uid, account.gid);
  const words = ['-D', directory, '-U', 'sluice', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(folder, 'initdb'), words, { ...asAccount(account), stdio: 'ignore' });
  const port = await freePort();
  const postmaster = await startPostmaster({
    program: join(folder, 'postgres'),
    cluster: { directory, account, password: '' },
    port,
    durability: 'throw-away',
    logFile: join(home, 'postgres.log'),
  });
  const stop = async (): Promise<void> => {
    await stopPostmaster(postmaster);
    rmSync(home, { recursive: true, force: true });
  };
  return { url: `postgresql://sluice@127.0.0.1:${port}/postgres`, stop };
}
