import { describe, expect, it } from 'vitest';
import { moreProblems, type Problem, PROBLEMS_MAX, refuse, type SluiceError } from '../../src/domain/errors.js';

const problems = (count: number): Problem[] =>
  Array.from({ length: count }, (_, n) => {
    return { pointer: `#/items/${String(count - n).padStart(4, '0')}`, code: 'wrong', detail: `item ${n} is wrong` };
  });

function refusal(given: readonly Problem[]): SluiceError | undefined {
  try {
    refuse(given, 'flow "a"');
    return undefined;
  } catch (error) {
    return error as SluiceError;
  }
}

describe('a refusal', () => {
  it('is none where nothing is wrong', () => {
    expect(refusal([])).toBeUndefined();
  });

  it.each([1, 2, PROBLEMS_MAX])('names each of %i problems, sorted', (count) => {
    const { problems: named, message, code } = refusal(problems(count))!;
    expect(code).toBe('invalid');
    expect(named.map(({ pointer }) => pointer)).toEqual(
      problems(count)
        .map(({ pointer }) => pointer)
        .reverse(),
    );
    expect(message).toContain(`flow "a" has ${count} problem${count === 1 ? '' : 's'}: item ${count - 1} is wrong`);
  });

  it('names a hundred, and says last how many more there are', () => {
    const { problems: named, message } = refusal(problems(PROBLEMS_MAX + 1))!;
    expect(named).toHaveLength(PROBLEMS_MAX + 1);
    expect(named.at(-1)).toEqual(moreProblems(1));
    expect(named.at(-1)?.detail).toContain('1 more problem ');
    expect(message).toContain('has more than 100 problems: item 100 is wrong');
  });

  it('adds up what several rules left out', () => {
    const { problems: named } = refusal([moreProblems(20), ...problems(PROBLEMS_MAX + 3), moreProblems(1)])!;
    expect(named.at(-1)).toEqual(moreProblems(24));
    expect(refusal([moreProblems(undefined), ...problems(3), moreProblems(1)])!.problems.at(-1)).toEqual(
      moreProblems(undefined),
    );
  });
});
