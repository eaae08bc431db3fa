import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import { answer, formatOf, helpOf, questionWords } from './answer.js';
import { switchesOf } from './switches.js';

export const exposureCommand: Command = {
  kind: 'command',
  name: 'exposure',
  summary: 'What is open to those who are not in the manifests, and which workloads no policy protects',
  usage: '<files or folders> [options]',
  help: helpOf('exposure', '', '0 it is told'),
  run: async (given, io) => {
    const words = questionWords(given);
    formatOf(words, 'exposure');
    const options = switchesOf(words);
    const manifests = await manifestsAt(words.positionals, io);
    return answer({ kind: 'exposure', manifests, options }, words, io);
  },
};
