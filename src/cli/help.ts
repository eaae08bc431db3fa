import type { Command, CommandGroup } from './command.js';

/** `sluice analyze --help`: what there is under a word. */
export function helpOfGroup({ summary, members }: CommandGroup, path: readonly string[]): string {
  const width = Math.max(...members.map(({ name }) => name.length));
  const list = members.map((member) => `  ${member.name.padEnd(width)}  ${member.summary}`);
  const name = path.join(' ');
  return `${summary}\n\nUsage: ${name} <command>\n\n${list.join('\n')}\n\n${name} <command> --help says more.\n`;
}

/** `sluice analyze diff --help`. */
export function helpOfCommand({ summary, usage, help }: Command, path: readonly string[]): string {
  return `${summary}\n\nUsage: ${path.join(' ')} ${usage}\n\n${help}\n`;
}
