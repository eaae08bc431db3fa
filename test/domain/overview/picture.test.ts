import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overview } from '../../../src/domain/overview/overview.js';
import { COLUMNS, columnsOf } from '../../../src/domain/overview/text/columns.js';
import { drawGraph } from '../../../src/domain/overview/text/draw-graph.js';
import { drawing } from '../../../src/domain/overview/text/drawing.js';
import { flowGraph } from '../../../src/domain/overview/text/flow-graph.js';
import { writeText } from '../../../src/domain/overview/write-text.js';
import { runs } from '../../support/runs.js';
import { followLines } from './follow-lines.js';
import { snapshots } from './random-model.js';

const small = fc.oneof(
  snapshots({ tiers: 7, applications: 2, flows: 9 }),
  snapshots({ tiers: 5, applications: 1, flows: 16 }),
);

describe('a picture', () => {
  it('leads the eye from each box to those it may reach, and to no other', () => {
    let drawn = 0;
    fc.assert(
      fc.property(small, (snapshot) => {
        const graph = flowGraph(overview(snapshot));
        const lines = drawGraph(graph);
        if (lines === undefined) return;
        drawn += graph.links.length > 0 ? 1 : 0;
        const wanted = graph.links.map(({ from, to }) => `${from.box.name}>${to.box.name}`);
        expect(followLines(lines).sort(), lines.join('\n')).toEqual(wanted.sort());
      }),
      runs(800),
    );
    expect(drawn).toBeGreaterThan(100); // or the property would have looked at next to nothing
  });

  it('goes down: every arrow leads to a lower row, or is named below the picture', () => {
    fc.assert(
      fc.property(small, (snapshot) => {
        const model = overview(snapshot);
        const { links, back } = flowGraph(model);
        expect(links.length + back.length).toBe(model.arrows.length);
        expect(links.every(({ from, to }) => from.layer < to.layer)).toBe(true);
      }),
      runs(100, 'costly'),
    );
  });
});

describe('a text overview', () => {
  it('is never wider than 100 columns, whatever the names', () => {
    const long = (index: number) =>
      `${index}${'x'.repeat(20 + ((index * 7) % 40))}`.padEnd(index % 3 === 0 ? 63 : 1, '-y');
    const estates = fc.oneof(small, snapshots({ tiers: 9, applications: 4, flows: 14, names: long }));
    fc.assert(
      fc.property(estates, (snapshot) => {
        const text = writeText(overview(snapshot));
        for (const line of text.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(COLUMNS);
        expect(text).not.toMatch(/[^\P{C}\n]/u); // nothing but printable characters and line ends
        expect(text).not.toMatch(/ \n/);
      }),
      runs(67, 'costly'),
    );
  });

  it('shows every tier and peer, drawn or listed', () => {
    fc.assert(
      fc.property(snapshots({ tiers: 16, applications: 3, flows: 20 }), (snapshot) => {
        const model = overview(snapshot);
        const lines = drawing(model).join('\n');
        for (const { name } of [...model.tiers, ...model.peers])
          expect(lines).toMatch(new RegExp(`[│┆] +${name} +[│┆]`));
      }),
      runs(33, 'costly'),
    );
  });
});
