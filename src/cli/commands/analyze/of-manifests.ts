import type { Command } from '../../command.js';
import { manifestsAt } from '../../files/manifest-files.js';
import { answer, exitCodes, HELP, questionOptions } from './answer.js';
import { switchesOf } from './switches.js';

/** A question that takes one set of manifests and nothing else. */
function ofManifests(kind: 'connections' | 'exposure', summary: string): Command {
  return {
    kind: 'command',
    name: kind,
    summary,
    usage: '<files or folders> [options]',
    words: 'files',
    options: questionOptions(kind),
    help: HELP,
    exitCodes: exitCodes('0 it is told'),
    run: async (words, io) => {
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
