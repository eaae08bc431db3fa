import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { hasPort } from '../../../src/domain/evaluate/port-set.js';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import type { Protocol } from '../../../src/domain/model/ports.js';

type Labels = Record<string, string>;

export interface E2eExam {
  readonly model: { readonly namespaces: Record<string, Labels>; readonly podIPs: Record<string, string> };
  readonly scenarios: readonly E2eScenario[];
}

export interface E2eScenario {
  readonly name: string;
  readonly pods: readonly string[];
  readonly steps: readonly {
    readonly probes: readonly { readonly port: number; readonly protocol: Protocol }[];
    readonly apply?: readonly NetworkPolicy[];
    readonly deleteAllPolicies?: boolean;
    readonly setNamespaceLabels?: Record<string, Labels>;
    readonly setPodLabels?: Record<string, Labels>;
    readonly expect: Record<string, Record<string, boolean>>;
  }[];
}

/** Plays a scenario step by step: what is wanted of each probe, and what comes out. */
export function e2eAnswers(exam: E2eExam, scenario: E2eScenario): { want: boolean; got: boolean }[] {
  const policies = new Map<string, NetworkPolicy>();
  const namespaces = new Map(Object.entries(exam.model.namespaces));
  const labels = new Map(scenario.pods.map((ref): [string, Labels] => [ref, { pod: ref.split('/')[1] ?? '' }]));
  return scenario.steps.flatMap((step) => {
    if (step.deleteAllPolicies === true) policies.clear();
    for (const policy of step.apply ?? []) policies.set(`${policy.metadata.namespace}/${policy.metadata.name}`, policy);
    for (const [name, added] of Object.entries(step.setNamespaceLabels ?? {}))
      namespaces.set(name, { ...namespaces.get(name), ...added });
    for (const [ref, set] of Object.entries(step.setPodLabels ?? {})) labels.set(ref, set);
    const pods = [...labels].map(([ref, own]) => podObject(ref, own, exam.model.podIPs[ref]));
    const spaces = [...namespaces].map(([name, own]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: own },
    }));
    const world = buildWorld(readManifests([...spaces, ...pods, ...policies.values()]));
    return step.probes.flatMap(({ protocol, port }) =>
      Object.entries(step.expect).flatMap(([from, row]) =>
        Object.entries(row)
          .filter(([to]) => to !== from)
          .map(([to, want]) => ({ want, got: hasPort(allowedPorts(world, from, to), protocol, port) })),
      ),
    );
  });
}

function podObject(ref: string, labels: Labels, ip: string | undefined): object {
  const ports = [80, 81].flatMap((port) =>
    ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
      name: `serve-${port}-${protocol.toLowerCase()}`,
      containerPort: port,
      protocol,
    })),
  );
  const [namespace, name] = ref.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { containers: [{ ports }] },
    status: { podIP: ip },
  };
}
