import type { Command, CommandGroup } from '../command.js';
import type { Option } from '../option.js';

/** What can be written at one place of the tree of commands. */
export interface Place {
  /** The words up to here: `sluice analyze diff`. */
  readonly path: string;
  readonly members: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly Option[];
  readonly words: Command['words'];
}

const HELP: Option = { name: 'help', kind: 'flag', summary: 'say more' };
const VERSION: Option = { name: 'version', kind: 'flag', summary: 'the version of this program' };

/** Every place, from the root down. */
export function placesOf(program: CommandGroup): Place[] {
  const [root, ...others] = placesBelow(program, program.name);
  return root === undefined ? [] : [{ ...root, options: [...root.options, VERSION] }, ...others];
}

function placesBelow(member: Command | CommandGroup, path: string): Place[] {
  if (member.kind === 'command')
    return [{ path, members: [], options: [...member.options, HELP], words: member.words }];
  const below = member.members.flatMap((one) => placesBelow(one, `${path} ${one.name}`));
  return [{ path, members: member.members, options: [HELP], words: 'none' }, ...below];
}

/** `--output` and `-o`: each way to write an option. */
export function spellings({ name, short }: Option): string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** What an option is followed by: some word of these, a path, something else, or nothing of its own. */
export function valueOf({ kind, choices, value = '' }: Option): readonly string[] | 'path' | 'text' | 'nothing' {
  if (kind === 'flag') return 'nothing';
  return choices ?? (/^<(file|files or folders|folder|path)>$/.test(value) ? 'path' : 'text');
}

/** A word of the shell that is this text, whatever stands in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
