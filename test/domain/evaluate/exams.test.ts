import { describe, expect, test } from 'vitest';
import { diffConnections } from '../../../src/domain/diff/connections.js';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { connections } from '../../../src/domain/evaluate/connections.js';
import { formatPortSet, hasPort } from '../../../src/domain/evaluate/port-set.js';
import { matches } from '../../../src/domain/evaluate/selector.js';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import { formatField } from '../../../src/domain/kubernetes/fields.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { validatePolicy } from '../../../src/domain/kubernetes/validate-policy.js';
import { e2eAnswers, type E2eExam } from './exam-e2e.js';
import { explainedPairs, explanationDiffers } from './exam-explain.js';
import { examFiles, examFolders, examLines, examManifests, examText, haveExams, report } from './exams.js';

const OUTSIDE_ONLY = { ipBlockMatchesPods: false, namedPorts: 'first', ipv6: 'never' } as const;

describe.skipIf(!haveExams)('exams', () => {
  const json = <T>(path: string): T => JSON.parse(examText(path)) as T;

  test('selectors', () => {
    const { cases } = json<{
      cases: { name: string; selector: object | null; labels: Record<string, string>; want: boolean }[];
    }>('selectors/cases.json');
    const held = cases.filter(({ selector, labels, want }) => matches(selector, labels) === want);
    report('selectors', held.length, cases.length);
    expect(cases.filter((one) => !held.includes(one)).map(({ name }) => name)).toEqual([]);
  });

  test('kubernetes-e2e', () => {
    const exam = json<E2eExam>('kubernetes-e2e/scenarios.json');
    const failed = exam.scenarios.filter((scenario) =>
      e2eAnswers(exam, scenario).some(({ want, got }) => want !== got),
    );
    report('kubernetes-e2e', exam.scenarios.length - failed.length, exam.scenarios.length);
    expect(failed.map(({ name }) => name)).toEqual([]);
  });

  test('kubernetes-validation', () => {
    const { cases } = json<{ cases: { name: string; valid: boolean; field?: string; spec: object }[] }>(
      'kubernetes-validation/cases.json',
    );
    const held = cases.filter(({ valid, field, spec }) => {
      const found = validatePolicy({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'a' },
        spec,
      });
      const named = field === undefined || found.some(({ path }) => formatField(path) === field);
      return (found.length === 0) === valid && named;
    });
    report('kubernetes-validation', held.length, cases.length);
    expect(cases.filter((one) => !held.includes(one)).map(({ name }) => name)).toEqual([]);
  });

  test('evaluation', () => {
    type Labels = Record<string, string>;
    type Case = {
      name: string;
      policies: string[];
      src: string;
      dst: string;
      protocol: 'TCP';
      port: number;
      allowed: boolean;
      allConnections: string;
    };
    const exam = json<{
      namespaces: Record<string, Labels>;
      pods: Record<string, Labels>;
      policies: Record<string, object>;
      cases: Case[];
    }>('evaluation/cases.json');
    const named = (ref: string) => ({ namespace: ref.split('/')[0], name: ref.split('/')[1] });
    const there = [
      ...Object.entries(exam.namespaces).map(([name, labels]) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels },
      })),
      ...Object.entries(exam.pods).map(([ref, labels]) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...named(ref), labels },
      })),
    ];
    const failed = exam.cases.filter((one) => {
      const world = buildWorld(readManifests([...there, ...one.policies.map((name) => exam.policies[name])]), {
        ipBlockMatchesPods: false,
      });
      const got = allowedPorts(world, one.src, one.dst);
      return hasPort(got, one.protocol, one.port) !== one.allowed || formatPortSet(got) !== one.allConnections;
    });
    report('evaluation', exam.cases.length - failed.length, exam.cases.length);
    expect(failed.map(({ name }) => name)).toEqual([]);
  });

  test('recipes and real installations', () => {
    const recipes = examFiles('recipes').filter((file) => file.endsWith('.yaml'));
    const accepted = recipes.filter((file) => readManifests(examText(file)).policies.length > 0);
    report('recipes', accepted.length, recipes.length);
    expect(accepted).toEqual(recipes);
    for (const name of examFolders('manifests')) {
      const manifests = readManifests(examManifests(`manifests/${name}`));
      const found = connections(buildWorld(manifests));
      console.log(`exam manifests/${name}: ${manifests.workloads.length} workloads, ${found.length} connections`);
      expect(found.length).toBeGreaterThan(0);
      expect(manifests.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('connections/list', () => {
    const names = examFolders('connections/list');
    const failed = names.filter((name) => {
      const world = buildWorld(readManifests(examManifests(`connections/list/${name}/input`)), OUTSIDE_ONLY);
      const lines = connections(world).map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`);
      return lines.sort().join('\n') !== examLines(`connections/list/${name}/expected.txt`).sort().join('\n');
    });
    report('connections/list', names.length - failed.length, names.length);
    expect(failed).toEqual([]);
  });

  test('connections/diff', () => {
    const names = examFolders('connections/diff');
    const failed = names.filter((name) => {
      const side = (which: string) => readManifests(examManifests(`connections/diff/${name}/${which}`));
      const lines = diffConnections(side('before'), side('after'), OUTSIDE_ONLY).map(
        ({ type, src, dst, before, after }) =>
          `diff-type: ${type}, source: ${src}, destination: ${dst}, ref1: ${before}, ref2: ${after}`,
      );
      const want = examLines(`connections/diff/${name}/expected.txt`).filter((line) => line.startsWith('diff-type'));
      return lines.sort().join('\n') !== want.sort().join('\n');
    });
    report('connections/diff', names.length - failed.length, names.length);
    expect(failed).toEqual([]);
  });

  test('connections/explain', () => {
    for (const name of examFolders('connections/explain')) {
      const world = buildWorld(readManifests(examManifests(`connections/explain/${name}/input`)), OUTSIDE_ONLY);
      const pairs = explainedPairs(examText(`connections/explain/${name}/expected.txt`));
      const failed = pairs
        .map((pair) => explanationDiffers(world, pair))
        .filter((difference) => difference !== undefined);
      report(`connections/explain/${name}`, pairs.length - failed.length, pairs.length);
      expect(failed).toEqual([]);
      expect(pairs.length).toBeGreaterThan(0);
    }
  });
});
