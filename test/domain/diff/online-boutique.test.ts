import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { analyze } from '../../../src/domain/analysis/analyze.js';
import { writeAnswer } from '../../../src/domain/analysis/formats.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';
import { snapshotOf } from '../overview/estate-snapshot.js';

const THEIRS = '../shared/exams/manifests/online-boutique/rendered-base-with-network-policies.yaml';
const README = 'examples/online-boutique/README.md';
const NAMESPACE = 'boutique-dev';

const isThere = existsSync(THEIRS);
if (!isThere) console.warn(`skipped: ${THEIRS} is not there to compare the bundle of online-boutique with`);

interface Manifest {
  readonly kind: string;
  readonly metadata: object;
}

/** One row of the README's table: the lines that it explains, `*` standing for any one name, and how many there are. */
interface Explanation {
  readonly patterns: readonly RegExp[];
  readonly lines: number;
  readonly why: string;
}

function explanations(): Explanation[] {
  const rows = readFileSync(README, 'utf8').matchAll(
    /^\| (`(?:added|removed|changed) .*?`) +\| (\d+) +\| (.*?) +\|$/gm,
  );
  return [...rows].map(([, changes = '', lines, why = '']) => ({
    patterns: [...changes.matchAll(/`(.*?)`/g)].map(([, change = '']) => patternOf(change)),
    lines: Number(lines),
    why,
  }));
}

function patternOf(change: string): RegExp {
  return new RegExp(`^${change.replace(/[.[\]()+?^$|{}\\]/g, '\\$&').replaceAll('*', '[a-z-]+')}$`);
}

describe.skipIf(!isThere)("the bundle of online-boutique against the demo's own NetworkPolicies", () => {
  let lines: readonly string[] = [];

  beforeAll(() => {
    const theirs = parseAllDocuments(readFileSync(THEIRS, 'utf8')).map((one) => one.toJS() as Manifest);
    const before = theirs.map((one) => ({ ...one, metadata: { ...one.metadata, namespace: NAMESPACE } }));
    const workloads = before.filter(({ kind }) => kind !== 'NetworkPolicy');
    expect(before.length).toBeGreaterThan(workloads.length);
    const snapshot = snapshotOf(readFileSync('examples/online-boutique/estate.yaml', 'utf8'), 'dev');
    const ours = parseAllDocuments(new TextDecoder().decode(wholeYaml(renderBundle(snapshot)))).map((one) =>
      one.toJS(),
    );
    const value = (manifests: readonly unknown[]) => ({ kind: 'value' as const, value: manifests });
    const answer = analyze({ kind: 'diff', before: value(before), after: value([...workloads, ...ours]), options: {} });
    lines = writeAnswer(answer, 'text').trimEnd().split('\n');
    console.log(`online-boutique, ${lines.length} changes from the demo's policies to ours:\n${lines.join('\n')}`);
  });

  it('differs in nothing that the README does not explain', () => {
    const rows = explanations();
    for (const line of lines) {
      const explained = rows.filter(({ patterns }) => patterns.some((pattern) => pattern.test(line)));
      expect(explained.length, `rows of ${README} that explain "${line}"`).toBe(1);
      expect(explained[0]?.why.length, `why "${line}"`).toBeGreaterThan(20);
    }
  });

  it('differs in everything that the README explains', () => {
    const rows = explanations();
    expect(rows.length).toBeGreaterThan(0);
    for (const { patterns, lines: count } of rows) {
      const matching = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
      for (const pattern of patterns) expect(matching(pattern), `lines like ${String(pattern)}`).toBeGreaterThan(0);
      expect(
        patterns.reduce((sum, pattern) => sum + matching(pattern), 0),
        String(patterns[0]),
      ).toBe(count);
    }
  });

  it('allows nothing that the demo does not allow', () => {
    expect(lines.filter((line) => line.startsWith('added '))).toEqual([]);
  });
});
