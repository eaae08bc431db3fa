import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SluiceError } from '../../domain/errors.js';
import type { Io } from '../command.js';
import { replaceFile } from '../files/write-file.js';

/** What is kept of a server. */
export interface KnownServer {
  readonly token?: string;
  /** The public keys that its releases are verified with, as PEM. */
  readonly keys: readonly string[];
}

export interface Logins {
  /** The server that is meant where none is named. */
  readonly current?: string;
  readonly servers: Readonly<Record<string, KnownServer>>;
}

/** @example loginFile(io) // '/home/me/.config/sluice/login.json' */
export function loginFile({ env }: Pick<Io, 'env'>): string {
  const base = env['XDG_CONFIG_HOME'];
  // https://specifications.freedesktop.org/basedir-spec/latest/: a relative path counts as none
  const folder = base?.startsWith('/') === true ? base : join(env['HOME'] ?? homedir(), '.config');
  return join(folder, 'sluice', 'login.json');
}

/** Refuses (malformed) a file that others may read, as there are tokens in it, and one that is not what is kept here. */
export function readLogins(io: Pick<Io, 'env'>): Logins {
  const path = loginFile(io);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { servers: {} };
  if ((stats.mode & 0o077) !== 0)
    throw new SluiceError('malformed', `${path} has tokens and can be read by others: chmod 600 ${path}`);
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Logins;
    if (typeof value.servers === 'object' && value.servers !== null) return value;
  } catch (error) {
    throw new SluiceError('malformed', `${path} is broken (${(error as Error).message}): remove it and log in again`);
  }
  throw new SluiceError('malformed', `${path} is no list of servers: remove it and log in again`);
}

/** For its owner's eyes only. */
export function writeLogins(io: Pick<Io, 'env'>, logins: Logins): void {
  const path = loginFile(io);
  if (Object.keys(logins.servers).length === 0) return rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, `${JSON.stringify(logins, undefined, 2)}\n`, 0o600);
}
