import { SluiceError } from '../../../domain/errors.js';
import type { Command } from '../../command.js';
import { manifestsAt, STDIN } from '../../files/manifest-files.js';
import type { Words } from '../../words.js';
import { answer, exitCodes, HELP, questionOptions } from './answer.js';
import { switchesOf } from './switches.js';

const PATHS = 'where one of the two sets is more than one path';

export const diffCommand: Command = {
  kind: 'command',
  name: 'diff',
  summary: 'What changes in who may talk to whom, from one set of manifests to another',
  usage: '<before> <after> [options], or --before <files or folders> --after <files or folders> [options]',
  words: 'files',
  options: questionOptions('diff', [
    { name: 'before', kind: 'list', value: '<files or folders>', summary: PATHS },
    { name: 'after', kind: 'list', value: '<files or folders>', summary: PATHS },
  ]),
  help: HELP,
  exitCodes: exitCodes('0 they allow the same, 1 they differ'),
  run: async (words, io) => {
    const options = switchesOf(words);
    const sides = sidesOf(words);
    const before = await manifestsAt(sides.before, io);
    const after = await manifestsAt(sides.after, io);
    return answer({ kind: 'diff', before, after, options }, words, io);
  },
};

function sidesOf({ positionals, lists }: Words): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  const { before, after } = lists;
  const [first, second, ...more] = positionals;
  const two = before === undefined && after === undefined && more.length === 0;
  const sides =
    two && first !== undefined && second !== undefined
      ? { before: [first], after: [second] }
      : positionals.length === 0 && before !== undefined && after !== undefined
        ? { before, after }
        : undefined;
  if (sides === undefined)
    throw new SluiceError(
      'malformed',
      'name two files or folders, or --before <paths> --after <paths>; --help tells more',
    );
  if (sides.before.includes(STDIN) && sides.after.includes(STDIN))
    throw new SluiceError('malformed', 'standard input can be one side only');
  return sides;
}
