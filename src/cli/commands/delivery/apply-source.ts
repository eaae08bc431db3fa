import { basename, dirname, join } from 'node:path';
import { SluiceError } from '../../../domain/errors.js';
import type { ReleaseKey } from '../../../domain/release/public-key.js';
import type { VerifiedRelease } from '../../../domain/release/release.js';
import type { ExitCode, Io } from '../../command.js';
import { isFolder, versionsIn } from '../../pull/bundle-folder.js';
import { keysOf } from '../../server/settings.js';
import type { Words } from '../../words.js';
import { pullByWords } from './pull.js';
import { verifyFolder } from './verify.js';

/** A version that is verified, and what else is known of its environment. */
export interface ToApply {
  readonly kind: 'verified';
  readonly verified: VerifiedRelease;
  /** `namespace/name` of every object of the other versions that were pulled. */
  readonly inventory: ReadonlySet<string>;
}

type Refused = { readonly kind: 'refused'; readonly code: ExitCode };

/** The version in a folder, or of an environment, which is pulled first: one that cannot be pulled now is not applied. */
export async function toApply(words: Words, io: Io, target: string): Promise<ToApply | Refused> {
  const keys = keysOf(words, io);
  const path = await pathTo(words, io, target);
  if (typeof path !== 'string') return path;
  const { folder, verified, problems } = verifyFolder(path, keys);
  for (const problem of problems) io.err(`sluice apply: ${folder}: ${problem}\n`);
  if (verified === undefined || problems.length > 0) return { kind: 'refused', code: 1 };
  return { kind: 'verified', verified, inventory: inventoryOf(words, folder, verified, keys) };
}

async function pathTo(words: Words, io: Io, target: string): Promise<string | Refused> {
  if (target.includes('/') || target === '.' || isFolder(target)) return target;
  const pull = await pullByWords(words, io, target);
  if (pull.kind !== 'kept') return pull.folder;
  io.err(`sluice apply: ${target} cannot be pulled: ${pull.why}\n`);
  if (pull.folder !== undefined)
    io.err(`sluice apply: sluice apply ${dirname(dirname(pull.folder))} takes the version that was pulled last\n`);
  return { kind: 'refused', code: pull.code };
}

/** Of the versions beside this one that verify, and of the one that was named. */
function inventoryOf(
  words: Words,
  folder: string,
  of: VerifiedRelease,
  keys: readonly ReleaseKey[],
): ReadonlySet<string> {
  const out = dirname(dirname(folder));
  const names = basename(dirname(folder)) === 'versions' ? versionsIn(out) : [];
  const beside = names.filter((name) => name !== basename(folder)).map((name) => join(out, 'versions', name));
  const { previous } = words.values;
  const named = previous === undefined ? [] : [verifiedAt(previous, keys, 'needed')];
  const others = [...beside.map((path) => verifiedAt(path, keys, 'wished')), ...named].flatMap((one) => one ?? []);
  const same = others.filter(({ manifest }) => manifest.environment === of.manifest.environment);
  if (named.length > 0 && named[0]?.manifest.environment !== of.manifest.environment)
    throw new SluiceError('malformed', `--previous ${previous ?? ''} is no version of ${of.manifest.environment}`);
  return new Set(
    same.flatMap(({ policies }) => policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)),
  );
}

function verifiedAt(path: string, keys: readonly ReleaseKey[], how: 'needed' | 'wished'): VerifiedRelease | undefined {
  try {
    const { verified, problems } = verifyFolder(path, keys);
    if (verified !== undefined && problems.length === 0) return verified;
    throw new SluiceError('invalid', `--previous ${path}: ${problems.join('; ')}`);
  } catch (error) {
    if (how === 'wished' && error instanceof SluiceError) return undefined;
    throw error;
  }
}
