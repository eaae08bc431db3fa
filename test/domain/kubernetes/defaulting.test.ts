import { describe, expect, test } from 'vitest';
import { inspectManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { caseFiles } from './case-files.js';

interface DefaultingFile {
  readonly law: string;
  readonly cases: readonly {
    readonly situation: string;
    readonly metadata?: object;
    readonly spec?: object;
    readonly manifests?: readonly object[];
    readonly stored?: object;
    readonly namespace?: string;
    readonly namespaces?: Readonly<Record<string, object>>;
    readonly findings?: readonly string[];
  }[];
}

describe.each(caseFiles<DefaultingFile>('defaulting', ['law', 'cases']))('$name', ({ content }) => {
  test.each(content.cases)('$situation', (given) => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: given.metadata ?? { name: 'a' },
      spec: given.spec,
    };
    const { manifests, problems } = inspectManifests(given.manifests ?? [policy]);
    expect(problems).toEqual([]);
    expect(manifests.findings.map(({ code }) => code)).toEqual(given.findings ?? []);
    if (given.stored !== undefined) expect(manifests.policies[0]?.spec).toEqual(given.stored);
    if (given.namespace !== undefined) expect(manifests.policies[0]?.metadata.namespace).toBe(given.namespace);
    if (given.namespaces !== undefined) {
      expect(Object.fromEntries(manifests.namespaces.map(({ name, labels }) => [name, labels]))).toEqual(
        given.namespaces,
      );
    }
  });
});
