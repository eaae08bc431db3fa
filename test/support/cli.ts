import type { ExitCode, Io } from '../../src/cli/command.js';
import { main } from '../../src/cli/main.js';

/** What a run of the command line left. */
export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
  /** For how long it waited before it tried again, in milliseconds; nobody waits in a test. */
  readonly waits: readonly number[];
}

export interface Around {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly terminal?: readonly ('in' | 'out' | 'err')[];
  /** What is typed at the terminal, question by question. */
  readonly answers?: readonly string[];
  readonly now?: Date;
}

/** Runs the command line in this process, as src/bin/sluice.ts does in one of its own. */
export async function runCli(words: readonly string[], around: Around = {}): Promise<Ran> {
  const said = { out: '', err: '' };
  const waits: number[] = [];
  const answers = [...(around.answers ?? [])];
  const io: Io = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: () => Promise.resolve(around.input ?? ''),
    env: around.env ?? {},
    terminal: new Set(around.terminal ?? []),
    ask: (question) => {
      said.err += question;
      return Promise.resolve(answers.shift() ?? '');
    },
    now: () => around.now ?? new Date(),
    wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
  };
  return { code: await main(words, io), ...said, waits };
}
