import { SluiceError } from '../../../domain/errors.js';
import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import type { Words } from '../../words.js';
import { answer, formatOf, helpOf, questionWords } from './answer.js';
import { switchesOf } from './switches.js';

const OWN = `  --from, --to   namespace/name, namespace/name[Kind], an address, a CIDR or a range first-last
  --port         as in TCP/80, UDP/53 or 80; without it, all ports
`;

export const explainCommand: Command = {
  kind: 'command',
  name: 'explain',
  summary: 'May one talk to the other, and which policies and rules say so',
  usage: '<files or folders> --from <who> --to <whom> [--port <port>] [options]',
  help: helpOf('explain', OWN, '0 allowed (without --port: on any port), 1 denied'),
  run: async (given, io) => {
    const words = questionWords(given, { values: ['from', 'to', 'port'] });
    formatOf(words, 'explain');
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
