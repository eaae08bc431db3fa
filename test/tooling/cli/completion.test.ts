import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command, CommandGroup } from '../../../src/cli/command.js';
import { PROGRAM } from '../../../src/cli/program.js';
import { runCli } from '../../support/cli.js';

const has = (shell: string) => spawnSync(shell, ['--version'], { stdio: 'ignore' }).status === 0;
const because = (shell: string) => (has(shell) ? '' : ` (skipped: there is no ${shell} here)`);

let home = '';
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'sluice-completion-'))));
afterAll(() => rmSync(home, { recursive: true }));

/** Every place of the tree, by its words. */
function places(member: Command | CommandGroup = PROGRAM, words: string[] = []): [string[], Command | CommandGroup][] {
  const below = member.kind === 'group' ? member.members : [];
  return [[words, member], ...below.flatMap((one) => places(one, [...words, one.name]))];
}

describe.runIf(has('bash'))(`completion in bash${because('bash')}`, () => {
  /** What bash offers behind these words, the last of which is being typed. */
  async function offered(...words: string[]): Promise<string[]> {
    const { out } = await runCli(['completion', 'bash']);
    const file = join(home, 'sluice.bash');
    writeFileSync(file, out);
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const ran = spawnSync('bash', ['--norc', '-uc', script, 'bash', file, 'sluice', ...words], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    return ran.stdout.split('\n').filter(Boolean);
  }

  test('every command and every option of the tree, and no other', async () => {
    for (const [words, member] of places()) {
      const names = member.kind === 'group' ? member.members.map(({ name }) => name) : [];
      const options = member.kind === 'group' ? [] : member.options;
      const own = options.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
      const root = words.length === 0 ? ['--version'] : [];
      expect(await offered(...words, '-'), words.join(' ')).toEqual([...own, '--help', ...root]);
      if (member.kind === 'group') expect(await offered(...words, ''), words.join(' ')).toEqual(names);
    }
  });

  test('choices, also behind =; nothing where anything may stand', async () => {
    expect(await offered('pull', 'dev', '--format', '')).toEqual(['text', 'json']);
    expect(await offered('plan', '--format', '=', 's')).toEqual(['sh']);
    expect(await offered('plan', '--format', '=')).toEqual(['text', 'json', 'sh']);
    expect(await offered('analyze', 'connections', '--ipv6', 'n')).toEqual(['never']);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh']);
    expect(await offered('pull', '--timeout', '')).toEqual([]);
    expect(await offered('pull', 'd')).toEqual([]);
  });
});

test.runIf(has('zsh'))(`zsh takes its completion${because('zsh')}`, async () => {
  const { out } = await runCli(['completion', 'zsh']);
  expect(spawnSync('zsh', ['-n'], { input: out, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('the completion of zsh has every command, option and choice, each quoted', async () => {
  const { out } = await runCli(['completion', 'zsh']);
  for (const [words, member] of places()) {
    if (words.length > 0) expect(out).toContain(`'sluice ${words.join(' ')}'`);
    for (const { name, summary, choices = [] } of member.kind === 'group' ? [] : member.options) {
      expect(out).toContain(`'--${name}:${summary.replaceAll("'", `'\\''`)}'`);
      for (const choice of choices) expect(out).toContain(`'${choice}'`);
    }
  }
  // What quotes is even: none is left open.
  expect(out.replaceAll(`'\\''`, '').split("'").length % 2).toBe(1);
});

test('no such shell', async () => {
  expect(await runCli(['completion', 'fish'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('use one of bash, zsh'),
  });
});
