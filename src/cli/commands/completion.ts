import { SluiceError } from '../../domain/errors.js';
import type { Command, CommandGroup } from '../command.js';
import { writeBash } from '../completion/bash.js';
import { writeZsh } from '../completion/zsh.js';
import { namedWords } from '../words.js';

const SHELLS = { bash: writeBash, zsh: writeZsh } as const;

/** Made from the tree of commands that it is part of. */
export function completionCommand(program: () => CommandGroup): Command {
  return {
    kind: 'command',
    name: 'completion',
    summary: 'Print what completes these commands in a shell',
    usage: 'bash|zsh',
    words: Object.keys(SHELLS),
    options: [],
    help: `In ~/.bashrc:  source <(sluice completion bash)
In ~/.zshrc:   source <(sluice completion zsh), below compinit`,
    exitCodes: 'Exit code: 0 printed, 2 no such shell.',
    run: (words, io) => {
      const [shell = ''] = namedWords(words, 'bash|zsh');
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
      if (write === undefined)
        throw new SluiceError('malformed', `${JSON.stringify(shell)}: use one of ${Object.keys(SHELLS).join(', ')}`);
      io.out(write(program()));
      return Promise.resolve(0);
    },
  };
}
