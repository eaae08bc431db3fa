import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagName } from '../../src/domain/model/tag.js';
import { type DatedVersion, type RetentionRule, versionsToGo } from '../../src/domain/retention.js';
import { runs } from '../support/runs.js';

const NOW = new Date('2026-11-22T00:00:00Z');

function version(environment: string, number: number, days: number, referrers: DatedVersion['referrers'] = 'none') {
  return { environment, version: number, publishedAt: new Date(NOW.getTime() - days * 86_400_000), referrers };
}

const numbers = (versions: readonly DatedVersion[]): string[] =>
  versions.map(({ environment, version }) => `${environment}/${version}`);

describe('what nothing keeps goes', () => {
  const versions = [
    ...[version('dev', 4, 0), version('dev', 3, 10), version('dev', 2, 20, 'some'), version('dev', 1, 30)],
    ...[version('prod', 2, 300), version('prod', 1, 400)],
  ];

  it.each([
    ['nothing, without a rule', {}, []],
    ['all but the last of each environment', { keepVersions: 1 }, ['dev/3', 'dev/1', 'prod/1']],
    ['all but the last two of each environment', { keepVersions: 2 }, ['dev/1']],
    ['what is as old as that, or older', { keepDays: 30 }, ['dev/1', 'prod/1']],
    ['what neither rule keeps', { keepVersions: 2, keepDays: 15 }, ['dev/1']],
    ['all but latest and referred to, with no days', { keepDays: 0 }, ['dev/3', 'dev/1', 'prod/1']],
  ])('%s', (_, rule, gone) => {
    expect(numbers(versionsToGo(versions, rule, NOW))).toEqual(gone);
  });

  it('never the latest, nor what is referred to; a rule that keeps more keeps what the other keeps', () => {
    const some = fc.array(
      fc.record({ days: fc.integer({ min: 0, max: 9 }), referrers: fc.constantFrom('some', 'none') }),
      { maxLength: 8 },
    );
    const rule = fc.record({
      keepVersions: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      keepDays: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    });
    const check = (list: { days: number; referrers: string }[], { keepVersions, keepDays }: RetentionRule): void => {
      const all = list.map(({ days, referrers }, at) => version('dev', list.length - at, days, referrers as 'none'));
      const gone = versionsToGo(all, { keepVersions, keepDays }, NOW);
      for (const one of gone) expect(one.version < list.length && one.referrers === 'none').toBe(true);
      const wider = { keepVersions: (keepVersions ?? 1) + 1, keepDays: (keepDays ?? 0) + 1 };
      expect(numbers(gone)).toEqual(
        expect.arrayContaining(
          keepVersions === undefined && keepDays === undefined ? [] : numbers(versionsToGo(all, wider, NOW)),
        ),
      );
    };
    fc.assert(fc.property(some, rule, check), runs(200));
  });
});

describe('the name of a tag', () => {
  it.each(['stable', 'release-7', 'v1a', '7b', 'latest-good'])('may be %s', (name) => {
    expect(tagName(name)).toBeUndefined();
  });

  it.each(['latest', 'draft', '7', 'v7', 'v007'])('may not be %s, which stands for a version', (name) => {
    expect(tagName(name)?.code).toBe('reserved-tag');
  });

  it.each(['1.0.7', 'Stable', '', 'a'.repeat(64)])('may not be %j, which is no DNS label', (name) => {
    expect(tagName(name)?.code).toBe('dns-label');
  });
});
