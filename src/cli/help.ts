import type { Command, CommandGroup } from './command.js';
import type { Option } from './option.js';

/** `sluice analyze --help`: what there is under a word. */
export function helpOfGroup({ summary, members }: CommandGroup, path: readonly string[]): string {
  const width = Math.max(...members.map(({ name }) => name.length));
  const list = members.map((member) => `  ${member.name.padEnd(width)}  ${member.summary}`);
  const name = path.join(' ');
  return `${summary}\n\nUsage: ${name} <command>\n\n${list.join('\n')}\n\n${name} <command> --help says more.\n`;
}

/** `sluice analyze diff --help`. */
export function helpOfCommand(command: Command, path: readonly string[]): string {
  const { summary, usage, help, exitCodes } = command;
  const parts = [summary, `Usage: ${[...path, usage].join(' ').trim()}`, help, ...optionsOf(command), exitCodes];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** How an option is written: `--output, -o <folder>`. */
export function spellingOf({ name, short, value, choices, kind }: Option): string {
  const said = kind === 'flag' ? '' : ` ${choices?.join('|') ?? value ?? '<value>'}`;
  return `--${name}${short === undefined ? '' : `, -${short}`}${said}`;
}

/** Those without a heading first. */
function optionsOf({ options }: Command): string[] {
  const groups = new Map<string, Option[]>([['Options', []]]);
  for (const option of options) {
    const name = option.group ?? 'Options';
    groups.set(name, [...(groups.get(name) ?? []), option]);
  }
  const width = Math.max(...options.map((option) => spellingOf(option).length));
  return [...groups]
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => `${name}:\n${own.map((option) => lineOf(option, width)).join('\n')}`);
}

function lineOf(option: Option, width: number): string {
  return `  ${spellingOf(option).padEnd(width)}  ${option.summary}`;
}
