import { describe, expect, it } from 'vitest';
import { PROBLEMS_MAX } from '../../../src/domain/errors.js';
import { selectorOverlaps, type TierInNamespace } from '../../../src/domain/validate/overlap.js';

const place = { environment: 'dev', namespace: 'shop' };
const tier = (name: string, app = name): TierInNamespace => {
  return { ...place, ref: `shop/${name}`, podSelector: { matchLabels: { app } } };
};
const everything: TierInNamespace = { ...place, ref: 'shop/everything', podSelector: {} };
const many = (count: number) => Array.from({ length: count }, (_, n) => tier(`tier-${n}`));

describe('tiers that select the pods of others', () => {
  it('are told once a pair, whichever of them is the wider one', () => {
    const [a, b, c] = [tier('a', 'same'), tier('b', 'same'), tier('c')];
    const all = [a, b, c, everything].map((one) => one as TierInNamespace);
    const told = selectorOverlaps(all, all, ({ ref }) => `#/${ref}`);
    expect(told.map(({ pointer }) => pointer)).toEqual(['#/shop/a', '#/shop/a', '#/shop/b', '#/shop/c']);
    expect(told[1]?.detail).toContain('tier "shop/everything" selects the pods of tier "shop/a"');
  });

  it('are no problem in another namespace or environment', () => {
    const elsewhere = [
      { ...everything, namespace: 'blog' },
      { ...everything, environment: 'prod' },
    ];
    expect(selectorOverlaps(elsewhere, [...elsewhere, ...many(3)], () => '#')).toEqual([]);
  });

  it.each([PROBLEMS_MAX - 1, PROBLEMS_MAX])('are all told where there are %i', (count) => {
    const told = selectorOverlaps([everything], [everything, ...many(count)], () => '#/podSelector');
    expect(told.map(({ code }) => code)).toEqual(Array(count).fill('selector-overlap'));
  });

  it('are told up to a hundred, and then how many more there are', () => {
    const told = selectorOverlaps([everything], [everything, ...many(PROBLEMS_MAX + 7)], () => '#/podSelector');
    expect(told).toHaveLength(PROBLEMS_MAX + 1);
    expect(told.at(-1)).toMatchObject({
      code: 'more-problems',
      detail: 'there are 7 more problems of which nothing is said here',
    });
  });

  it('are counted without being written down: half a million pairs', () => {
    const all = Array.from({ length: 1_000 }, (_, n) => tier(`tier-${n}`, 'same'));
    const told = selectorOverlaps(all, all, () => '#/namespace');
    expect(told.at(-1)?.value).toBe((1_000 * 999) / 2 - PROBLEMS_MAX);
  });
});
