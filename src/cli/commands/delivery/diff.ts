import type { Change } from '../../../domain/diff/change/change.js';
import { writeChange } from '../../../domain/diff/change/write-change.js';
import { SluiceError } from '../../../domain/errors.js';
import type { Command, Io } from '../../command.js';
import { FORMAT, painted, print, QUIET } from '../../output.js';
import { askJson, type Connection } from '../../server/ask.js';
import { environmentName, pathOf, versionWord } from '../../server/environment-ref.js';
import { connectionOf, KEY, keysOf, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';
import { verifyFolder } from './verify.js';

export const diffCommand: Command = {
  kind: 'command',
  name: 'diff',
  summary: 'What changes in who may talk to whom, from one version of an environment to another',
  usage: '<environment> [<from>] [<to>] [options]',
  words: 'names',
  options: [
    { name: 'folder', kind: 'value', value: '<folder>', summary: 'from the version that was pulled into this folder' },
    KEY,
    TIMEOUT,
    FORMAT,
    QUIET,
  ],
  help: `${SERVER_HELP}
A version is a number, a tag, latest, or draft: the working model. Without <to> it is latest, without <from> the version before that.`,
  exitCodes: 'Exit code: 0 the same, 1 they differ, 2 it cannot tell.',
  run: async (words, io) => {
    const [name = '', from, to = 'latest'] = namedWords(words, '<environment>', '[<from>]', '[<to>]');
    const environment = environmentName(name);
    const connection = connectionOf(words, io);
    const end = await versionWord(connection, { environment, version: to });
    const start = await startOf(words, io, connection, { environment, from, end });
    const change = await askJson<Change>(connection, { path: `${pathOf(environment)}/bundles/${start}/diff/${end}` });
    print(words, io, change, () => painted(textOf(change), io));
    return differs(change) ? 1 : 0;
  },
};

/** What differs, where a change says so: also facts of the cluster, and what is isolated. */
export function differs({ connections, profile, newlyIsolated, noLongerIsolated }: Change): boolean {
  const isolated = [newlyIsolated, noLongerIsolated].flatMap(({ tiers, namespaces }) => [tiers, namespaces]);
  return [connections, profile, ...isolated].some((list) => list.length > 0);
}

/** Refuses (malformed) what no Sluice server would say. */
export function textOf(change: Change): string {
  try {
    return writeChange(change);
  } catch (error) {
    throw new SluiceError('malformed', 'what the server says is no change: is it of another version?', [], {
      cause: error,
    });
  }
}

interface Ends {
  readonly environment: string;
  readonly from: string | undefined;
  readonly end: string;
}

async function startOf(
  words: Words,
  io: Io,
  connection: Connection,
  { environment, from, end }: Ends,
): Promise<string> {
  const folder = words.values['folder'];
  if (folder !== undefined && from !== undefined)
    throw new SluiceError('malformed', 'say <from> or --folder, not both');
  if (folder !== undefined) return pulledVersion(words, io, connection, environment, folder);
  if (from !== undefined) return versionWord(connection, { environment, version: from });
  if (end === 'draft') return 'latest';
  const version = end === 'latest' ? await latestOf(connection, environment) : Number(end);
  if (version > 1) return String(version - 1);
  throw new SluiceError('not-found', `there is no version before version ${version} of ${environment}`);
}

/** The number of the newest version. Refuses (not-found) an environment that has none. */
export async function latestOf(connection: Connection, environment: string): Promise<number> {
  return (await askJson<{ version: number }>(connection, { path: `${pathOf(environment)}/bundles/latest` })).version;
}

/** The number of a version that was pulled, where the server has the same content under it. */
async function pulledVersion(
  words: Words,
  io: Io,
  connection: Connection,
  environment: string,
  path: string,
): Promise<string> {
  const { verified, problems } = verifyFolder(path, keysOf(words, io));
  if (verified === undefined || problems.length > 0) throw new SluiceError('invalid', problems.join('; '));
  const { manifest } = verified;
  if (manifest.environment !== environment)
    throw new SluiceError('invalid', `${path} has a version of ${manifest.environment}, not of ${environment}`);
  const bundle = await askJson<{ digest: string }>(connection, {
    path: `${pathOf(environment)}/bundles/${manifest.version}`,
  });
  if (bundle.digest === manifest.contentDigest) return String(manifest.version);
  const held = `version ${manifest.version} is ${manifest.contentDigest} in ${path} and ${bundle.digest} on the server`;
  throw new SluiceError('invalid', held);
}
