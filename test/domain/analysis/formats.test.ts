import { instance } from '@viz-js/viz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, type AnalysisAnswer } from '../../../src/domain/analysis/analyze.js';
import { formatsOf, writeAnswer } from '../../../src/domain/analysis/formats.js';
import { runs } from '../../support/runs.js';

const SHOP = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {template: {metadata: {labels: {app: db}}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}, {port: 5433}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}]}]
`;
const text = (value: string) => ({ kind: 'value' as const, value });
const options = {};
const CONNECTIONS = analyze({ kind: 'connections', manifests: text(SHOP), options });
const EXPOSURE = analyze({ kind: 'exposure', manifests: text(SHOP), options });
const DIFF = analyze({ kind: 'diff', before: text(SHOP), after: text(SHOP.replace('port: 80', 'port: 81')), options });
const EXPLAIN = analyze({
  ...{ kind: 'explain', manifests: text(SHOP), options },
  ...{ from: 'shop/web', to: 'shop/db', port: 'TCP/80' },
});

describe('an answer in each format', () => {
  test('as text', () => {
    expect(writeAnswer(CONNECTIONS, 'text')).toBe(
      [
        '10.0.0.0-10.255.255.255[External] => shop/web[Deployment] : TCP 80',
        'shop/web[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections',
        'shop/web[Deployment] => shop/db[StatefulSet] : TCP 5432-5433',
        '',
      ].join('\n'),
    );
    expect(writeAnswer(EXPOSURE, 'text')).toBe(
      [
        'shop/db[StatefulSet] <= shop/{app=web}[Pods] : TCP 5432-5433',
        'shop/web[Deployment] => entire-cluster : All Connections',
        'shop/web[Deployment] => 0.0.0.0-255.255.255.255[External] : All Connections',
        'shop/web[Deployment] <= 10.0.0.0-10.255.255.255[External] : TCP 80',
        'shop/web[Deployment] is not protected for egress: no policy isolates it',
        '',
      ].join('\n'),
    );
    expect(writeAnswer(DIFF, 'text')).toBe(
      'changed 10.0.0.0-10.255.255.255[External] => shop/web[Deployment] : TCP 80 -> TCP 81\n',
    );
    expect(writeAnswer(EXPLAIN, 'text')).toBe(
      [
        'shop/web[Deployment] => shop/db[StatefulSet] on TCP/80 : denied (allowed: TCP 5432-5433)',
        'egress: no policy isolates shop/web[Deployment] for egress: everything is allowed',
        'ingress: 1 policy isolates shop/db[StatefulSet] for ingress: TCP 5432-5433 with shop/web[Deployment]',
        '  shop/db: rule 1 selects shop/web[Deployment], but not on these ports',
        '',
      ].join('\n'),
    );
  });

  test('as CSV', () => {
    expect(writeAnswer(DIFF, 'csv')).toBe(
      'type,src,dst,before,after,reason\r\nchanged,10.0.0.0-10.255.255.255[External],shop/web[Deployment],TCP 80,TCP 81,\r\n',
    );
    expect(writeAnswer(EXPOSURE, 'csv').split('\r\n').slice(0, 3)).toEqual([
      'workload,direction,peer,conn,protected,policies',
      'shop/db[StatefulSet],ingress,shop/{app=web}[Pods],TCP 5432-5433,yes,shop/db',
      'shop/web[Deployment],egress,entire-cluster,All Connections,no,',
    ]);
  });

  test('as Markdown, with the findings', () => {
    const manifests = text(SHOP.replace('app: db}}\n  policyTypes', 'app: dp}}\n  policyTypes'));
    const markdown = writeAnswer(analyze({ kind: 'connections', manifests, options }), 'md');
    expect(markdown).toContain('# Connections\n\n| src | dst | conn |\n| --- | --- | --- |\n| ');
    expect(markdown).toMatch(
      /\n\n## Findings\n\n- warning policy-selects-nothing shop\/db: NetworkPolicy shop\/db selects/,
    );
  });

  test('as DOT, where it is a graph', () => {
    expect(writeAnswer(DIFF, 'dot')).toContain('n0 -> n1 [label="TCP 80 -> TCP 81", color=');
    expect(formatsOf('explain')).not.toContain('dot');
    expect(() => writeAnswer(EXPLAIN, 'dot')).toThrow(/json, text, csv, md/);
  });
});

/** Names as no cluster has them, but as anyone can write them into a manifest. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'a"b',
    'a\\',
    '\\"',
    '|',
    '<b>',
    '&amp;',
    '"];}',
    '\r\n',
    ',',
    '`x`',
    '\u202e',
    '//',
    '*/',
    '{',
    '[x](y)',
    '\\N',
  ),
);
const answers: fc.Arbitrary<AnalysisAnswer> = fc
  .array(fc.record({ src: hostile, dst: hostile, conn: hostile }), { maxLength: 4 })
  .map((list) => ({
    kind: 'connections',
    body: {
      connections: list.map(({ src, dst, conn }) => ({ src: `n/${src}`, dst: `${dst}/m`, conn })),
      findings: list.map(({ src, dst }) => ({ code: 'c', severity: 'error', path: src, message: dst })),
    },
  }));

/** A reader of RFC 4180, written down anew. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  for (let match = pattern.exec(csv); match !== null; match = pattern.exec(csv)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('names that are none', () => {
  test('CSV gives back what went in', () => {
    const property = fc.property(answers, (answer) => {
      if (answer.kind !== 'connections') return;
      const wanted = answer.body.connections.map(({ src, dst, conn }) => [src, dst, conn]);
      expect(readCsv(writeAnswer(answer, 'csv'))).toEqual([['src', 'dst', 'conn'], ...wanted]);
    });
    fc.assert(property, runs(300));
  });

  test('text and Markdown have one line for each, and no markup of theirs', () => {
    const property = fc.property(answers, (answer) => {
      if (answer.kind !== 'connections') return;
      const count = answer.body.connections.length;
      expect(writeAnswer(answer, 'text')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(writeAnswer(answer, 'text').split('\n').length).toBe(count + 1);
      const table = writeAnswer(answer, 'md')
        .split('\n')
        .filter((line) => line.startsWith('|'));
      expect(table.length).toBe(count + 2);
      for (const line of table) {
        const bare = line.replace(/\\[\\`*_{}[\]<>#|!&~$]/g, '');
        expect(bare.split('|').length).toBe(5);
        expect(bare).not.toMatch(/[<>`[\]]/);
      }
    });
    fc.assert(property, runs(300));
  });

  test('Graphviz reads the DOT, with as many edges as there are connections', async () => {
    const graphviz = await instance();
    const property = fc.property(answers, (answer) => {
      if (answer.kind !== 'connections') return;
      const result = graphviz.render(writeAnswer(answer, 'dot'), { format: 'json0' });
      expect(result.status, result.errors.map(({ message }) => message).join()).toBe('success');
      const drawn = JSON.parse(result.output ?? '{}') as { edges?: unknown[]; objects?: { label?: string }[] };
      expect(drawn.edges?.length ?? 0).toBe(answer.body.connections.length);
    });
    fc.assert(property, runs(60));
  });

  test('Graphviz shows a name as it is', async () => {
    const graphviz = await instance();
    const name = 'shop/a"b\\N<i>&amp;{x}[Pod]';
    const connections = [{ src: name, dst: 'shop/b[Pod]', conn: 'TCP 80' }];
    const svg = graphviz.renderString(
      writeAnswer({ kind: 'connections', body: { connections, findings: [] } }, 'dot'),
      {
        format: 'svg',
      },
    );
    const shown = svg.replaceAll('&#45;', '-').replaceAll('&quot;', '"');
    expect(shown).toContain('shop/a"b\\N&lt;i&gt;&amp;amp;{x}[Pod]');
  });

  test('exposure and diff are graphs too', async () => {
    const graphviz = await instance();
    for (const answer of [EXPOSURE, DIFF, CONNECTIONS])
      expect(graphviz.render(writeAnswer(answer, 'dot'), { format: 'svg' }).status).toBe('success');
  });
});

describe('a question is plain data', () => {
  test('it and its answer can go to another thread', () => {
    for (const answer of [CONNECTIONS, EXPOSURE, DIFF, EXPLAIN]) expect(structuredClone(answer)).toEqual(answer);
  });

  test('several files are one set of manifests, and what is said names file and line', () => {
    const files = (...texts: string[]) => ({
      kind: 'files' as const,
      files: texts.map((one, index) => ({ name: `f${index}.yaml`, text: one })),
    });
    const ask = (...texts: string[]) => analyze({ kind: 'connections', manifests: files(...texts), options });
    const [web = '', ...others] = SHOP.split('\n---\n');
    expect(ask(web, others.join('\n---\n'))).toEqual(CONNECTIONS);
    expect(() => ask(SHOP, SHOP.replace('port: 80', 'port: 0'))).toThrow(
      /\(f1.yaml:14\): spec.ingress\[0\].ports\[0\]/,
    );
    expect(() => ask(SHOP, 'a: [')).toThrow(/^f1.yaml: the YAML is broken at line 1/);
    expect(() => ask('b: [', 'a: [')).toThrow('2 files cannot be read');
    const twice = ask(web, web).body.findings.map(({ message }) => message);
    expect(twice).toContain('Deployment shop/web is given more than once: the last one counts (f1.yaml:2)');
  });
});
