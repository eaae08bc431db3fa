import type { Option } from './option.js';
import type { Words } from './words.js';

/**
 * What a command leaves for the shell: 0 all is well, done or the same; 1 it differs, is denied, or is refused for what was found; 2 it
 * cannot tell.
 */
export type ExitCode = 0 | 1 | 2;

/** What a command sees of the process. */
export interface Io {
  /** Results. */
  readonly out: (text: string) => void;
  /** Findings, errors and progress, for people. */
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which of the streams are terminals: people watch there. */
  readonly terminal: ReadonlySet<'in' | 'out' | 'err'>;
  /** Asks whoever sits at the terminal; what they answer is shown, or hidden as it is a secret. */
  readonly ask: (question: string, answer: 'shown' | 'hidden') => Promise<string>;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** One thing that can be done. */
export interface Command {
  readonly kind: 'command';
  readonly name: string;
  /** In one line, for the list of commands. */
  readonly summary: string;
  /** What comes after the name, as in `<files or folders>`. */
  readonly usage: string;
  readonly options: readonly Option[];
  /** What the words are that are no options: files are completed, and so are these words, where they are all there is. */
  readonly words: 'files' | 'names' | 'none' | readonly string[];
  /** The rest of `--help`: before the options, and what the exit code means. */
  readonly help: string;
  readonly exitCodes: string;
  readonly run: (words: Words, io: Io) => Promise<ExitCode>;
}

/** Commands under one word, as `analyze`. */
export interface CommandGroup {
  readonly kind: 'group';
  readonly name: string;
  readonly summary: string;
  readonly members: readonly (Command | CommandGroup)[];
}
