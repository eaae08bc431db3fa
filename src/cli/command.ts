/** What a command leaves for the shell: 0 all is well or the same, 1 it differs or is denied, 2 it cannot tell. */
export type ExitCode = 0 | 1 | 2;

/** What a command sees of the process. */
export interface Io {
  /** Results. */
  readonly out: (text: string) => void;
  /** Findings and errors, for people. */
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<string>;
}

/** One thing that can be done. `words` are those after its name. */
export interface Command {
  readonly kind: 'command';
  readonly name: string;
  /** In one line, for the list of commands. */
  readonly summary: string;
  /** What comes after the name, as in `<files or folders>`. */
  readonly usage: string;
  /** The rest of `--help`. */
  readonly help: string;
  readonly run: (words: readonly string[], io: Io) => Promise<ExitCode>;
}

/** Commands under one word, as `analyze`. */
export interface CommandGroup {
  readonly kind: 'group';
  readonly name: string;
  readonly summary: string;
  readonly members: readonly (Command | CommandGroup)[];
}
