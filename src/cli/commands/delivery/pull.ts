import { join } from 'node:path';
import type { Command, ExitCode, Io } from '../../command.js';
import type { Option } from '../../option.js';
import { ageOf, FORMAT, note, print, progressOf, QUIET } from '../../output.js';
import { type Pull, pullVersion } from '../../pull/pull.js';
import { MANIFESTS, type Pulled } from '../../pull/version-folder.js';
import { readEnvironmentRef, wantedVersion } from '../../server/environment-ref.js';
import { connectionOf, KEY, keysOf, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';

export const OUTPUT: Option = {
  name: 'output',
  short: 'o',
  kind: 'value',
  value: '<folder>',
  summary: 'where pulled versions are kept; the name of the environment by default',
};
export const ALLOW_OLDER: Option = {
  name: 'allow-older',
  kind: 'flag',
  summary: 'take a latest version that is older than one that was pulled before',
};

export const pullCommand: Command = {
  kind: 'command',
  name: 'pull',
  summary: 'Fetch a version as an image, verify it, and make it the current one of a folder',
  usage: '<environment>[@<version|tag|latest>] [options]',
  words: 'names',
  options: [OUTPUT, KEY, ALLOW_OLDER, TIMEOUT, FORMAT, QUIET],
  help: `${SERVER_HELP}
The signature is verified by your keys before anything is written. <folder>/current/${MANIFESTS} has the objects, <folder>/current/release
what sluice verify needs. Where nothing new is to be had nothing is fetched; where the server is away, or what it gives does not
verify, what was verified last stays as it is.`,
  exitCodes: `Exit code: 0 current is what was asked for; otherwise current is what it was: 1 what the server gives is refused (not signed by
your key, damaged, older than what was pulled before), 2 it cannot tell (server away, no such version, no key).`,
  run: async (words, io) => {
    const [word = ''] = namedWords(words, '<environment>[@<version|tag|latest>]');
    const pull = await pullByWords(words, io, word);
    return reportPull(words, io, word, pull);
  },
};

/** Pulls as the words of a command say. */
export async function pullByWords(words: Words, io: Io, word: string): Promise<Pull> {
  const ref = readEnvironmentRef(word);
  const keys = keysOf(words, io);
  const connection = connectionOf(words, io);
  const repository = { connection, environment: ref.environment };
  const wanted = async () => wantedVersion(connection, ref);
  return pullVersion(
    {
      ...{ repository, wanted, keys, progress: progressOf(words, io) },
      out: words.values['output'] ?? ref.environment,
      older: words.flags.has('allow-older') ? 'allowed' : 'refused',
    },
    io,
  );
}

export function reportPull(words: Words, io: Io, word: string, pull: Pull): ExitCode {
  const { kind, folder, pulled } = pull;
  const why = pull.kind === 'kept' ? { why: pull.why } : {};
  if (pull.kind === 'kept') io.err(`sluice pull: ${word}: ${pull.why}\n`);
  print(words, io, { outcome: kind, ...why, ...pulled, ...(folder === undefined ? {} : { folder }) }, () =>
    pulled === undefined || folder === undefined || kind === 'kept'
      ? ''
      : `${sentence(pulled)}\n${join(folder, MANIFESTS)}\n`,
  );
  if (pull.kind !== 'kept') {
    note(words, io, kind === 'pulled' ? 'pulled and verified' : 'unchanged since it was pulled');
    return 0;
  }
  if (pulled !== undefined)
    io.err(`sluice pull: still there: ${sentence(pulled)}, pulled ${ageOf(pulled.pulledAt, io.now())} ago\n`);
  else io.err('sluice pull: no version was pulled before\n');
  return pull.code;
}

function sentence({ environment, version, contentDigest, createdAt }: Pulled): string {
  return `${environment} version ${version} of ${createdAt}, ${contentDigest}`;
}
