import { verifyRelease, type VerifiedRelease } from '../../../domain/release/release.js';
import type { ReleaseKey } from '../../../domain/release/public-key.js';
import { SluiceError } from '../../../domain/errors.js';
import type { Command } from '../../command.js';
import { FORMAT, print, QUIET } from '../../output.js';
import { isFolder, versionFolderAt } from '../../pull/bundle-folder.js';
import { readRelease, strangeFiles } from '../../pull/version-folder.js';
import { KEY, keysOf } from '../../server/settings.js';
import { namedWords } from '../../words.js';

export const verifyCommand: Command = {
  kind: 'command',
  name: 'verify',
  summary: 'Hold a pulled version against a public key, byte by byte, with no server',
  usage: '<folder> [options]',
  words: 'files',
  options: [KEY, FORMAT, QUIET],
  help: `Follows the chain from the key to every file: signature, manifest, layer, archive, content, the files as they lie there. The folder
is one that sluice pull made, or one of the versions in it. Without --key and SLUICE_KEY, the pinned keys count.`,
  exitCodes:
    'Exit code: 0 all of it holds, 1 something does not (each thing is named), 2 it cannot tell: no such folder, no key.',
  run: (words, io) => {
    const [path = ''] = namedWords(words, '<folder>');
    const { folder, verified, problems } = verifyFolder(path, keysOf(words, io));
    const names = verified === undefined ? {} : nameOf(verified);
    print(words, io, { folder, holds: problems.length === 0, ...names, problems }, () =>
      problems.length === 0 ? `${sentenceOf(verified)}\n` : '',
    );
    for (const problem of problems) io.err(`sluice verify: ${problem}\n`);
    return Promise.resolve(problems.length === 0 ? 0 : 1);
  },
};

export interface VerifiedFolder {
  readonly folder: string;
  /** Nothing where the chain from the key to the content breaks. */
  readonly verified: VerifiedRelease | undefined;
  readonly problems: readonly string[];
}

/** Refuses (malformed) a folder that is not there, or in which something is missing. */
export function verifyFolder(path: string, keys: readonly ReleaseKey[]): VerifiedFolder {
  if (!isFolder(path)) throw new SluiceError('malformed', `${path} is no folder`);
  const folder = versionFolderAt(path);
  const verified = verifyRelease(readRelease(folder), keys);
  if (verified.kind === 'unreadable') return { folder, verified: undefined, problems: [verified.why] };
  return { folder, verified: verified.value, problems: strangeFiles(folder, verified.value) };
}

function nameOf({
  manifest: { environment, version, digest, contentDigest, createdAt, signedBy },
}: VerifiedRelease): object {
  return { environment, version, digest, contentDigest, createdAt, signedBy };
}

function sentenceOf(verified: VerifiedRelease | undefined): string {
  if (verified === undefined) return '';
  const { manifest, policies } = verified;
  const { environment, version, contentDigest, signedBy } = manifest;
  return `${environment} version ${version}, ${policies.length} objects, ${contentDigest}, signed by ${signedBy}`;
}
