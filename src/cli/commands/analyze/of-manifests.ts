import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import { answer, formatOf, helpOf, questionWords } from './answer.js';
import { switchesOf } from './switches.js';

/** A question that takes one set of manifests and nothing else. */
function ofManifests(kind: 'connections' | 'exposure', summary: string): Command {
  return {
    kind: 'command',
    name: kind,
    summary,
    usage: '<files or folders> [options]',
    help: helpOf(kind, '', '0 it is told'),
    run: async (given, io) => {
      const words = questionWords(given);
      formatOf(words, kind);
      const options = switchesOf(words);
      const manifests = await manifestsAt(words.positionals, io);
      return answer({ kind, manifests, options }, words, io);
    },
  };
}

export const connectionsCommand = ofManifests('connections', 'Who may talk to whom');

export const exposureCommand = ofManifests(
  'exposure',
  'What is open to those who are not in the manifests, and which workloads no policy protects',
);
