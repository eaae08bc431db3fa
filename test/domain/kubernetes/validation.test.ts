import { describe, expect, test } from 'vitest';
import { formatField, type Fields } from '../../../src/domain/kubernetes/fields.js';
import { inspectManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { validatePolicy, validatePolicyUpdate } from '../../../src/domain/kubernetes/validate-policy.js';
import { caseFiles } from './case-files.js';

interface ValidationFile {
  readonly law: string;
  readonly cases: readonly {
    readonly situation: string;
    readonly policy?: Fields;
    readonly metadata?: Fields;
    readonly spec?: Fields;
    readonly before?: Fields;
    readonly violations?: readonly string[];
    readonly findings?: readonly string[];
  }[];
}

const BLANK = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'a', namespace: 'b' },
  spec: {},
};

describe.each(caseFiles<ValidationFile>('validation', ['law', 'cases']))('$name', ({ content }) => {
  test.each(content.cases)('$situation', ({ policy, metadata, spec, before, violations = [], findings = [] }) => {
    const object: Fields = { ...BLANK, ...(metadata && { metadata }), ...(spec && { spec }), ...policy };
    const found = before === undefined ? validatePolicy(object) : validatePolicyUpdate({ ...BLANK, ...before }, object);
    expect(found.map(({ path, code }) => `${formatField(path)} ${code}`).sort()).toEqual([...violations].sort());
    if (violations.length > 0 || before !== undefined) return;
    expect(inspectManifests([object]).manifests.findings.map(({ code }) => code)).toEqual(findings);
  });
});

test('every policy with every violation is named at once, with a pointer, a field path and the value', () => {
  const bad = (name: string) => ({
    ...BLANK,
    metadata: { name },
    spec: { ingress: [{ ports: [{ port: 0 }] }], policyTypes: ['x'] },
  });
  const { problems, manifests } = inspectManifests({
    apiVersion: 'v1',
    kind: 'List',
    items: [bad('a'), BLANK, bad('c')],
  });
  expect(manifests.policies).toHaveLength(1);
  expect(problems.map(({ pointer }) => pointer)).toEqual([
    '#/items/0/spec/ingress/0/ports/0/port',
    '#/items/0/spec/policyTypes/0',
    '#/items/2/spec/ingress/0/ports/0/port',
    '#/items/2/spec/policyTypes/0',
  ]);
  expect(problems[0]).toMatchObject({ code: 'port-range', value: 0 });
  expect(problems[0]?.detail).toContain('NetworkPolicy default/a: spec.ingress[0].ports[0].port: 0 is not a port');
});
