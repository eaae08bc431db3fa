import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowOrder } from '../../../src/domain/overview/flow-order.js';
import { overview } from '../../../src/domain/overview/overview.js';
import { writeDot } from '../../../src/domain/overview/write-dot.js';
import { writeMarkdown } from '../../../src/domain/overview/write-markdown.js';
import { writeMermaid } from '../../../src/domain/overview/write-mermaid.js';
import { writeText } from '../../../src/domain/overview/write-text.js';
import { runs } from '../../support/runs.js';
import { snapshots } from './random-model.js';

const LISTS = ['teams', 'applications', 'tiers', 'peers', 'placements', 'flows'] as const;

describe('an overview', () => {
  it('does not depend on the order of the model', () => {
    const shuffled = snapshots({ tiers: 8, applications: 3, flows: 14 }).chain((snapshot) => {
      const orders = LISTS.map((list) =>
        fc.shuffledSubarray([...snapshot[list]] as object[], { minLength: snapshot[list].length }),
      );
      return fc.tuple(...orders).map((lists) => {
        return {
          snapshot,
          other: { ...snapshot, ...Object.fromEntries(LISTS.map((list, index) => [list, lists[index]])) },
        };
      });
    });
    fc.assert(
      fc.property(shuffled, ({ snapshot, other }) => {
        const [a, b] = [overview(snapshot), overview(other)];
        for (const write of [writeText, writeMarkdown, writeMermaid, writeDot]) expect(write(b)).toBe(write(a));
      }),
      runs(100),
    );
  });
});

describe('flow order', () => {
  const layers = (ids: string, edges: readonly string[], top: readonly string[] = []) => {
    const parsed = edges.map((edge) => ({ from: edge[0] ?? '', to: edge[1] ?? '' }));
    const { layer, back } = flowOrder([...ids], parsed, new Set(top));
    return { layers: [...ids].map((id) => layer.get(id)), back: [...back].map(({ from, to }) => from + to) };
  };

  it('takes the longest way', () => {
    expect(layers('abc', ['ab', 'bc', 'ac'])).toEqual({ layers: [0, 1, 2], back: [] });
  });

  it('opens a circle where the walk from its caller closes it', () => {
    expect(layers('pabc', ['pb', 'ab', 'bc', 'ca'], ['p'])).toEqual({ layers: [0, 3, 1, 2], back: ['ab'] });
  });

  it('leaves out what goes to itself', () => {
    expect(layers('a', ['aa'])).toEqual({ layers: [0], back: ['aa'] });
  });

  it('puts a tier that nobody calls right above the first it calls, and peers on top', () => {
    expect(layers('pabcx', ['pa', 'ab', 'bc', 'xc'], ['p'])).toEqual({ layers: [0, 1, 2, 3, 2], back: [] });
  });

  it('gives a chain of 20,000 tiers its layers', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => String(index));
    const edges = ids.slice(1).map((id, index) => ({ from: String(index), to: id }));
    expect(flowOrder(ids, edges, new Set()).layer.get('19999')).toBe(19_999);
  });
});
