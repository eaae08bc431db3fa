import { randomUUID } from 'node:crypto';
import type { Change } from '../../../domain/diff/change/change.js';
import { SluiceError } from '../../../domain/errors.js';
import { plain } from '../../../domain/overview/plain.js';
import type { Command, ExitCode, Io } from '../../command.js';
import { FORMAT, painted, print, QUIET } from '../../output.js';
import { ask, askJson, type Connection } from '../../server/ask.js';
import { environmentName, pathOf } from '../../server/environment-ref.js';
import { connectionOf, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';
import { textOf } from './diff.js';

export const publishCommand: Command = {
  kind: 'command',
  name: 'publish',
  summary: 'Make the working model the next version of an environment',
  usage: '<environment> [options]',
  words: 'names',
  options: [
    { name: 'message', short: 'm', kind: 'value', value: '<text>', summary: 'what the version is about' },
    {
      name: 'expected-version',
      kind: 'value',
      value: '<number>',
      summary: 'refused where another one is the latest by then',
    },
    { name: 'dry-run', kind: 'flag', summary: 'say what it would change, and store nothing' },
    TIMEOUT,
    FORMAT,
    QUIET,
  ],
  help: `${SERVER_HELP}
Where the model renders to what the latest version has, that version stands.`,
  exitCodes:
    'Exit code: 0 published, or nothing differs; with --dry-run 1: something would change; 2 it is refused, or it cannot tell.',
  run: async (words, io) => {
    const [name = ''] = namedWords(words, '<environment>');
    const environment = environmentName(name);
    const connection = connectionOf(words, io);
    if (words.flags.has('dry-run')) return previewOf(words, io, connection, environment);
    const { status, bytes } = await ask(connection, {
      path: `${pathOf(environment)}/bundles`,
      method: 'POST',
      headers: { 'idempotency-key': randomUUID() },
      body: bodyOf(words),
    });
    const bundle = JSON.parse(new TextDecoder().decode(bytes)) as { version: number; digest: string };
    const created = status === 201;
    print(words, io, { created, ...bundle }, () => {
      const what = created ? 'published' : 'stands: the model renders to the same';
      return `${environment} version ${bundle.version} ${what}, ${bundle.digest}\n`;
    });
    return 0;
  },
};

async function previewOf(words: Words, io: Io, connection: Connection, environment: string): Promise<ExitCode> {
  interface Preview {
    readonly changes: Change & { readonly objects: readonly unknown[] };
    readonly wouldPublish: boolean;
    readonly findings: readonly { readonly severity: string; readonly message: string }[];
  }
  const preview = await askJson<Preview>(connection, { path: `${pathOf(environment)}/preview` });
  print(words, io, preview, () => painted(textOf(preview.changes), io));
  if (preview.changes.objects.length === 0) return 0;
  for (const { severity, message } of preview.findings)
    if (severity === 'error') io.err(`sluice publish: ${plain(message)}\n`);
  if (!preview.wouldPublish) io.err('sluice publish: it would be refused\n');
  return preview.wouldPublish ? 1 : 2;
}

function bodyOf({ values }: Words): object {
  const { message, 'expected-version': expected } = values;
  if (expected !== undefined && !/^\d{1,9}$/.test(expected))
    throw new SluiceError('malformed', `--expected-version ${JSON.stringify(expected)} is no number`);
  return {
    ...(message === undefined ? {} : { message }),
    ...(expected === undefined ? {} : { expectedVersion: Number(expected) }),
  };
}
