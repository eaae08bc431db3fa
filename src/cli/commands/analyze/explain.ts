import { SluiceError } from '../../../domain/errors.js';
import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import type { Words } from '../../words.js';
import { answer, exitCodes, HELP, questionOptions } from './answer.js';
import { switchesOf } from './switches.js';

const WHO = 'namespace/name, namespace/name[Kind], an address, a CIDR or a range first-last';

export const explainCommand: Command = {
  kind: 'command',
  name: 'explain',
  summary: 'May one talk to the other, and which policies and rules say so',
  usage: '<files or folders> --from <who> --to <whom> [--port <port>] [options]',
  words: 'files',
  options: questionOptions('explain', [
    { name: 'from', kind: 'value', value: '<who>', summary: WHO },
    { name: 'to', kind: 'value', value: '<whom>', summary: WHO },
    { name: 'port', kind: 'value', value: '<port>', summary: 'as in TCP/80, UDP/53 or 80; without it, all ports' },
  ]),
  help: HELP,
  exitCodes: exitCodes('0 allowed (without --port: on any port), 1 denied'),
  run: async (words, io) => {
    const question = {
      kind: 'explain' as const,
      ...{ from: needed(words, 'from'), to: needed(words, 'to'), port: words.values['port'] },
      options: switchesOf(words),
    };
    const manifests = await manifestsAt(words.positionals, io);
    return answer({ ...question, manifests }, words, io);
  },
};

function needed({ values }: Words, name: string): string {
  const value = values[name];
  if (value !== undefined && value !== '') return value;
  throw new SluiceError('malformed', `say --${name}: namespace/name, an address or a range`);
}
