import { SluiceError } from '../domain/errors.js';
import { plain } from '../domain/overview/plain.js';
import type { Command, CommandGroup, ExitCode, Io } from './command.js';
import { helpOfCommand, helpOfGroup } from './help.js';
import { PROGRAM } from './program.js';
import { version } from './version.js';
import { readWords } from './words.js';

const HELP = ['--help', '-h', 'help'];

/**
 * Runs the command that the words name. Nothing is thrown: what is wrong is said on `err`, and gives 2.
 * @example await main(['analyze', 'diff', 'old', 'new'], io) // 1: they differ
 */
export async function main(words: readonly string[], io: Io): Promise<ExitCode> {
  if (words[0] === '--version') return print(io, `${version()}\n`);
  const [found, path, rest] = find(PROGRAM, [PROGRAM.name], words);
  try {
    if (found.kind === 'group') return inGroup(found, path, rest, io);
    if (rest.includes('--help') || rest.includes('-h')) return print(io, helpOfCommand(found, path));
    return await found.run(readWords(rest, found.options), io);
  } catch (error) {
    for (const line of linesOf(error)) io.err(`${path.join(' ')}: ${line}\n`);
    return 2;
  }
}

type Found = readonly [Command | CommandGroup, readonly string[], readonly string[]];

function find(group: CommandGroup, path: readonly string[], words: readonly string[]): Found {
  const [name, ...rest] = words;
  const member = group.members.find((one) => one.name === name);
  if (member === undefined) return [group, path, words];
  const longer = [...path, member.name];
  return member.kind === 'group' ? find(member, longer, rest) : [member, longer, rest];
}

/** No command was named, or one that there is not. */
function inGroup(group: CommandGroup, path: readonly string[], [word]: readonly string[], io: Io): ExitCode {
  if (word !== undefined && HELP.includes(word)) return print(io, helpOfGroup(group, path));
  if (word !== undefined) {
    const names = group.members.map(({ name }) => name).join(', ');
    throw new SluiceError('malformed', `there is no ${JSON.stringify(word)} here (have: ${names})`);
  }
  io.err(helpOfGroup(group, path));
  return 2;
}

function print(io: Io, text: string): ExitCode {
  io.out(text);
  return 0;
}

/**
 * A refusal with many problems is a line each, what the system refuses is a line (`EACCES: permission denied, open 'dev'`); anything unforeseen
 * keeps its stack, as that is a fault of ours.
 */
function linesOf(error: unknown): string[] {
  if (error instanceof Error && 'syscall' in error) return [plain(error.message)];
  if (!(error instanceof SluiceError)) return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  if (error.problems.length < 2) return [plain(error.message)];
  return [`${error.problems.length} problems`, ...error.problems.map(({ detail }) => plain(detail))];
}
