import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Command, CommandGroup } from '../../../src/cli/command.js';
import { helpOfCommand } from '../../../src/cli/help.js';
import { PROGRAM } from '../../../src/cli/program.js';

const FILE = 'docs/cli.md';
const MARK = '<!-- commands -->\n';

function commandsBelow(member: Command | CommandGroup, path: readonly string[]): string[] {
  const own = [...path, member.name];
  if (member.kind === 'group') return member.members.flatMap((one) => commandsBelow(one, own));
  return [`## ${own.join(' ')}\n\n\`\`\`\n${helpOfCommand(member, own)}\`\`\`\n`];
}

/** All below the mark. `GOLDEN=write` writes it. */
test('docs/cli.md says of every command what its --help says', () => {
  const text = readFileSync(FILE, 'utf8');
  const wanted = `${text.slice(0, text.indexOf(MARK))}${MARK}\n${commandsBelow(PROGRAM, []).join('\n')}`;
  expect(text).toContain(MARK);
  if (process.env['GOLDEN'] === 'write') writeFileSync(FILE, wanted);
  else expect(text).toBe(wanted);
});

test('no line of any --help is wider than 140 characters', () => {
  const wide = commandsBelow(PROGRAM, []).flatMap((text) => text.split('\n').filter((line) => line.length > 140));
  expect(wide).toEqual([]);
});
