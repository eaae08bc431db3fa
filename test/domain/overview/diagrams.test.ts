import { instance } from '@viz-js/viz';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { overview } from '../../../src/domain/overview/overview.js';
import { writeDot } from '../../../src/domain/overview/write-dot.js';
import { writeMarkdown } from '../../../src/domain/overview/write-markdown.js';
import { writeMermaid } from '../../../src/domain/overview/write-mermaid.js';
import { renderSvg } from '../../../src/platform/svg/render-svg.js';
import { runs } from '../../support/runs.js';
import { snapshots } from './random-model.js';

const CASES = 'test/cases/overview';
/** Elements of a drawing; `a` carries a tooltip. */
const SHAPES = ['svg', 'g', 'title', 'polygon', 'path', 'text', 'a'];
const models = snapshots({ tiers: 8, applications: 3, flows: 12 }).map(overview);

interface Drawn {
  readonly objects?: readonly { readonly name: string; readonly nodes?: unknown }[];
  readonly edges?: readonly { readonly tail: number; readonly head: number }[];
}

describe('DOT', () => {
  let viz: Awaited<ReturnType<typeof instance>>;
  beforeAll(async () => {
    viz = await instance();
  });

  it('is read by Graphviz as the boxes and arrows of the model, whatever people wrote', () => {
    fc.assert(
      fc.property(models, (model) => {
        const { objects = [], edges = [] } = viz.renderJSON(writeDot(model)) as Drawn;
        const nodes = objects.filter((object) => object.nodes === undefined && !object.name.startsWith('cluster '));
        const name = (index: number) => objects[index]?.name ?? '';
        expect(nodes.map((node) => node.name).sort()).toEqual(
          [...model.peers, ...model.tiers].map(({ id }) => id).sort(),
        );
        expect(edges.map(({ tail, head }) => `${name(tail)}>${name(head)}`).sort()).toEqual(
          model.arrows.map(({ from, to }) => `${from}>${to}`).sort(),
        );
      }),
      runs(60),
    );
  });

  it.each(readdirSync(CASES))('%s becomes an SVG document of shapes and text alone', async (name) => {
    const svg = await renderSvg(readFileSync(`${CASES}/${name}/expected.dot`, 'utf8'));
    expect(svg).toMatch(/^<\?xml [^]*<svg [^]*<\/svg>\s*$/);
    const tags = new Set([...svg.matchAll(/<([a-z]+)/gi)].map((match) => match[1]));
    expect([...tags].filter((tag) => !SHAPES.includes(tag ?? ''))).toEqual([]);
    expect(svg.replace(/>[^<]*</g, '><')).not.toMatch(/ (href|xlink:href|on[a-z]+)=/);
  });
});

describe('SVG', () => {
  it('is refused for what is no DOT, and works again after that', async () => {
    await expect(renderSvg('digraph {')).rejects.toMatchObject({ name: 'SluiceError', code: 'internal' });
    await expect(renderSvg('digraph { a }')).resolves.toContain('<svg');
  });

  it('is drawn for several callers at once', async () => {
    const names = ['one', 'two', 'three'];
    const drawn = await Promise.all(names.map((name) => renderSvg(`digraph { ${name} }`)));
    for (const [index, name] of names.entries()) expect(drawn[index]).toContain(`>${name}</text>`);
  });
});

describe('Mermaid', () => {
  const text = '"([^"#`<>\\\\{}|]|<br/>|#[0-9]+;)*"';
  const line = new RegExp(
    [
      'flowchart (TB|LR)',
      ` +[pt][0-9]+(\\(\\[${text}\\]\\)|\\[${text}\\]):::(peer|tier|outside)`,
      ` +subgraph a[0-9]+\\[${text}\\]`,
      ' +end',
      ' +class a[0-9]+ application',
      ` +[pt][0-9]+ -->\\|${text}\\| [pt][0-9]+`,
      ' +classDef [a-z]+ [-a-z0-9:#, ]+',
    ].join('|'),
    'u',
  );

  it('has nothing but the lines it means to write, whatever people wrote', () => {
    fc.assert(
      fc.property(models, (model) => {
        const lines = writeMermaid(model).trimEnd().split('\n');
        for (const one of lines) expect(one).toMatch(new RegExp(`^(${line.source})$`, 'u'));
      }),
      runs(100),
    );
  });
});

describe('Markdown', () => {
  it('keeps its tables and fences, whatever people wrote', () => {
    fc.assert(
      fc.property(models, (model) => {
        const markdown = writeMarkdown(model);
        expect(markdown.match(/```/g)).toHaveLength(2);
        const rows = markdown.split('\n').filter((one) => one.startsWith('|'));
        expect(rows).toHaveLength(model.tiers.length + 2);
        for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
      }),
      runs(100),
    );
  });
});
