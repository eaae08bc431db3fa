import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import type { Io } from '../cli/command.js';
import { main } from '../cli/main.js';
import { SluiceError } from '../domain/errors.js';

/** Whoever reads the output may stop reading, as `head` does: that is no error. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });

async function stdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** On standard error, so that it is seen where results go into a file. A secret is typed into nothing. */
async function ask(question: string, answer: 'shown' | 'hidden'): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = answer === 'shown' ? process.stderr : nowhere;
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  if (answer === 'hidden') process.stderr.write(question);
  try {
    return await lines.question(answer === 'shown' ? question : '');
  } catch (error) {
    throw new SluiceError('malformed', 'nothing was answered', [], { cause: error }); // Ctrl+C
  } finally {
    lines.close();
    if (answer === 'hidden') process.stderr.write('\n');
  }
}

const STREAMS = { in: process.stdin, out: process.stdout, err: process.stderr } as const;
const names = Object.keys(STREAMS) as (keyof typeof STREAMS)[];

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin,
  env: process.env,
  terminal: new Set(names.filter((name) => STREAMS[name].isTTY)),
  ask,
  now: () => new Date(),
  wait: (milliseconds) => after(milliseconds),
};

process.exitCode = await main(process.argv.slice(2), io);
