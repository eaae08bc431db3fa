import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, type Flow } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { overview } from '../../../src/domain/overview/overview.js';
import { COLUMNS } from '../../../src/domain/overview/text/columns.js';
import { writeDot } from '../../../src/domain/overview/write-dot.js';
import { writeMarkdown } from '../../../src/domain/overview/write-markdown.js';
import { writeMermaid } from '../../../src/domain/overview/write-mermaid.js';
import { writeText } from '../../../src/domain/overview/write-text.js';
import { renderSvg } from '../../../src/platform/svg/render-svg.js';

/** Applications of ten tiers each: a tree inside, `across` calls from each to the next ones, and users at every third. */
function estate(applications: number, across: number): Snapshot {
  const names = Array.from({ length: applications }, (_, index) => `application-${index}`);
  const tiers = names.flatMap((application) =>
    Array.from({ length: 10 }, (_, index) => ({
      application,
      name: `tier-${index}`,
      podSelector: { matchLabels: { app: application, tier: String(index) } },
      ports: [{ name: 'http', protocol: 'TCP' as const, port: 8000 + index }],
    })),
  );
  const calls = names.flatMap((name, at) => [
    ...Array.from({ length: 9 }, (_, index) => [`${name}/tier-${index >> 1}`, `${name}/tier-${index + 1}`] as const),
    ...Array.from({ length: across }, (_, step) => {
      return [`${name}/tier-${step % 10}`, `${names[(at + step + 1) % applications]}/tier-0`] as const;
    }),
  ]);
  const flows = calls.map(([from, to], index): Flow => {
    return { name: `flow-${index}`, from: { tier: from }, to: { tier: to }, ports: ['http'] };
  });
  const entries = names.flatMap((name, index): Flow[] =>
    index % 3 === 0
      ? [{ name: `users-${index}`, from: { peer: 'users' }, to: { tier: `${name}/tier-0` }, ports: ['http'] }]
      : [],
  );
  return {
    revision: 1,
    environment: { name: 'dev', profile: DEFAULT_PROFILE },
    teams: [{ name: 'demo' }],
    applications: names.map((name) => ({ name, team: 'demo' })),
    tiers,
    peers: [{ name: 'users', kind: 'pods' }],
    placements: names.map((application) => ({ environment: 'dev', application, namespace: application, tiers: [] })),
    flows: [...flows, ...entries],
  };
}

describe('an estate of 300 tiers', () => {
  const snapshot = estate(30, 6);

  it('is drawn up and written in every format without delay', () => {
    const start = performance.now();
    const model = overview(snapshot);
    for (const write of [writeText, writeMarkdown, writeMermaid, writeDot]) write(model);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('is listed by application, in lines of at most 100 columns', () => {
    const lines = writeText(overview(snapshot)).split('\n');
    expect(lines[0]).toBe('dev: 30 applications, 300 tiers, 1 peer, 460 flows');
    expect(lines.filter((line) => line.startsWith('═'))).toHaveLength(31);
    expect(lines.filter((line) => line.includes('▶'))).toHaveLength(460);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(COLUMNS);
  });

  it('becomes an SVG', async () => {
    expect(await renderSvg(writeDot(overview(snapshot)))).toContain('application&#45;29/tier&#45;9</text>');
  });
});

describe('an estate that Mermaid does not draw', () => {
  it('is shown by application, with the number of flows', () => {
    const mermaid = writeMermaid(overview(estate(40, 8)));
    expect(mermaid.length).toBeLessThan(50_000);
    expect(mermaid.match(/-->/g)?.length).toBeLessThan(500);
    expect(mermaid).toContain('400 tiers and 694 arrows are more than Mermaid draws');
    expect(mermaid).toMatch(/n[0-9]+\["application-7 \(10 tiers\)"\]:::tier/);
    expect(mermaid).toMatch(/n[0-9]+ -->\|"1 flow"\| n[0-9]+/);
  });
});
