import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import { answer, formatOf, helpOf, questionWords } from './answer.js';
import { switchesOf } from './switches.js';

export const connectionsCommand: Command = {
  kind: 'command',
  name: 'connections',
  summary: 'Who may talk to whom',
  usage: '<files or folders> [options]',
  help: helpOf('connections', '', '0 it is told'),
  run: async (given, io) => {
    const words = questionWords(given);
    formatOf(words, 'connections');
    const options = switchesOf(words);
    const manifests = await manifestsAt(words.positionals, io);
    return answer({ kind: 'connections', manifests, options }, words, io);
  },
};
