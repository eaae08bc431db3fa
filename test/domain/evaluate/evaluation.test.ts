import { describe, expect, test } from 'vitest';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { connections } from '../../../src/domain/evaluate/connections.js';
import { explain } from '../../../src/domain/evaluate/explain.js';
import type { EvaluateOptions } from '../../../src/domain/evaluate/options.js';
import { formatPortSet } from '../../../src/domain/evaluate/port-set.js';
import { worldFindings } from '../../../src/domain/evaluate/world-findings.js';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { caseFiles } from '../kubernetes/case-files.js';

type Labels = Readonly<Record<string, string>>;

/** A pod in short: its labels, or `labels` with whatever else matters of it. */
interface ShortPod {
  readonly labels: Labels;
  readonly ports?: readonly { readonly name: string; readonly port: number; readonly protocol?: string }[];
  readonly ip?: string;
  readonly ips?: readonly string[];
  readonly node?: string;
  readonly hostNetwork?: boolean;
}

interface EvaluationFile {
  readonly law: string;
  readonly options?: Partial<EvaluateOptions>;
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly pods?: Readonly<Record<string, Labels | ShortPod>>;
  readonly manifests?: readonly object[];
  readonly policies?: readonly { readonly name: string; readonly spec: object }[];
  /** `from -> to : ports`. */
  readonly answers?: readonly string[];
  /** The whole list, where it matters. */
  readonly connections?: readonly string[];
  /** What the switches named would change, by question. */
  readonly dependent?: Readonly<Record<string, readonly string[]>>;
  readonly findings?: readonly string[];
}

function objectsOf(content: EvaluationFile): object[] {
  const named = (ref: string) => ({ namespace: ref.split('/')[0], name: ref.split('/')[1] });
  const namespaces = Object.entries(content.namespaces ?? {}).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  }));
  const pods = Object.entries(content.pods ?? {}).map(([ref, short]) => {
    const pod = (typeof short['labels'] === 'object' ? short : { labels: short }) as ShortPod;
    const ports = pod.ports?.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol }));
    const podIPs = (pod.ips ?? (pod.ip === undefined ? [] : [pod.ip])).map((ip) => ({ ip }));
    return {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { ...named(ref), labels: pod.labels } },
      spec: { hostNetwork: pod.hostNetwork, containers: [{ ports }] },
      status: { podIPs, hostIP: pod.node },
    };
  });
  const policies = (content.policies ?? []).map(({ name, spec }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: named(name),
    spec,
  }));
  return [...namespaces, ...pods, ...(content.manifests ?? []), ...policies];
}

const KEYS = [
  'law',
  'options',
  'namespaces',
  'pods',
  'manifests',
  'policies',
  'answers',
  'connections',
  'dependent',
  'findings',
] as const;

describe.each(caseFiles<EvaluationFile>('evaluation', KEYS))('$name', ({ content }) => {
  const manifests = readManifests(objectsOf(content));
  const world = buildWorld(manifests, content.options);
  const question = (text: string) => text.split(' -> ') as [string, string];

  test.each(content.answers ?? [])('%s', (line) => {
    const [ask = '', want] = line.split(' : ');
    expect(formatPortSet(allowedPorts(world, ...question(ask)))).toBe(want);
    expect(explain(world, ...question(ask)).allowed).toBe(want);
  });

  if (content.connections !== undefined) {
    test('the whole list', () => {
      expect(connections(world).map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`)).toEqual(content.connections);
    });
  }

  test.each(Object.entries(content.dependent ?? {}))('%s depends on the implementation', (ask, want) => {
    const found = explain(world, ...question(ask)).implementationDependent;
    expect(found.map((text) => text.replace(/ gives .*/, ''))).toEqual(want);
  });

  test('findings', () => {
    const found = [...manifests.findings, ...worldFindings(world)].map(({ code }) => code);
    expect(found.sort()).toEqual([...(content.findings ?? [])].sort());
  });
});

test('every law has a case', () => {
  const families = ['defaulting', 'validation', 'evaluation'];
  const held = new Set(
    families.flatMap((family) =>
      caseFiles<{ law: string }>(family, ['law', ...KEYS, 'cases'] as never).map(({ content }) => content.law),
    ),
  );
  const laws = [...['D', 6], ...['V', 23], ...['C', 25]];
  const wanted = laws.flatMap((count, i) =>
    typeof count === 'number' ? Array.from({ length: count }, (_, n) => `${laws[i - 1]}${n + 1}`) : [],
  );
  expect(wanted.filter((law) => !held.has(law))).toEqual([]);
});
