import { describe, expect, it } from 'vitest';
import type { Io } from '../../../src/cli/command.js';
import { painted } from '../../../src/cli/output.js';

const io = (terminal: ('in' | 'out' | 'err')[]) => ({ terminal: new Set(terminal), env: {} }) as unknown as Io;

describe('lines of a change', () => {
  it('keep how far they are indented, and have the colour of what they begin with', () => {
    expect(painted('+ a -> b\n  by x', io(['out']))).toBe('\u001b[32m+ a -> b\u001b[0m\n  by x');
  });

  it.each([
    ['in the middle of a line', '+ a\u001b[31m b', '+ a [31m b'],
    ['behind the end of a line of another kind', '+ a\r\u001b[2K\u001b[31mb', '+ a [2K [31mb'],
    ['among blanks', ' \u000b\u001b[31m+ a', ' [31m+ a'],
  ])('bring no control sequence to a terminal: %s', (_, text, shown) => {
    expect(painted(text, io([]))).toBe(shown);
  });

  it('are read in time that grows with them', () => {
    expect(painted(`${' '.repeat(200_000)}\r${'x'.repeat(10)}`, io([]))).toMatch(/^ {200000}x{10}$/);
  });
});
