import { sortFindings, type Finding } from '../finding.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { workloadRef, type WorkloadFacts } from '../kubernetes/workload.js';
import { labelIndex, matching } from './label-index.js';
import type { World } from './world.js';

/** What is worth a look once policies and pods are together: policies that select no pod, and pods on the host network. */
export function worldFindings(world: World): Finding[] {
  const onHost = hostPods(world.input.workloads);
  return sortFindings([...selectsNothing(world, onHost), ...hostNetwork(world, onHost)]);
}

/** Legal, and without effect: often a typing error in a label. Pods on the host network have a finding of their own. */
function selectsNothing({ input, isolation }: World, onHost: HostPods): Finding[] {
  const sides = [...isolation.ingress.values(), ...isolation.egress.values()];
  const used = new Set(sides.flatMap((list) => list.map(({ policy }) => policy)));
  return input.policies.flatMap((policy): Finding[] => {
    const ref = refOf(policy);
    if (used.has(ref) || onHost.selecting(policy).length > 0) return [];
    const message = `NetworkPolicy ${ref} selects no pod of these manifests: it has no effect`;
    const mend =
      'Correct the labels of its podSelector: they are those of the pods, not of the Deployment or the Service.';
    return [{ code: 'policy-selects-nothing', severity: 'warning', path: ref, message, mend }];
  });
}

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods */
function hostNetwork({ input, options }: World, onHost: HostPods): Finding[] {
  const names = new Map<string, Set<string>>();
  for (const policy of input.policies) {
    for (const workload of onHost.selecting(policy)) {
      const ref = workloadRef(workload);
      names.set(ref, (names.get(ref) ?? new Set<string>()).add(policy.metadata.name));
    }
  }
  const taken =
    options.hostNetwork === 'node'
      ? 'its policies do not hold for it, and it is matched by address only'
      : 'it is treated as any other pod';
  return [...names].map(([ref, selecting]): Finding => {
    const message = `${ref} is on the host network, for which NetworkPolicy is undefined (${[...selecting].sort().join(', ')} would select it); here ${taken}`;
    const mend =
      'Leave it out of the selectors, and mean it by the addresses of the nodes; or take it off the host network.';
    return { code: 'host-network', severity: 'warning', path: ref, message, mend };
  });
}

/** The pods on the host network, by label: a policy then costs those that it selects. */
interface HostPods {
  readonly selecting: (policy: NetworkPolicy) => readonly WorkloadFacts[];
}

function hostPods(workloads: readonly WorkloadFacts[]): HostPods {
  const ids = new Map<string, number[]>();
  for (const [id, { namespace, hostNetwork: isOnHost }] of workloads.entries()) {
    if (isOnHost !== true) continue;
    const list = ids.get(namespace);
    if (list === undefined) ids.set(namespace, [id]);
    else list.push(id);
  }
  const indexes = new Map(
    [...ids].map(([name, list]) => [name, labelIndex(list, (id) => workloads[id]?.labels ?? {})]),
  );
  return {
    selecting: ({ metadata, spec }) => {
      const index = indexes.get(metadata.namespace);
      return index === undefined ? [] : matching(index, spec.podSelector).flatMap((id) => workloads[id] ?? []);
    },
  };
}

function refOf({ metadata }: NetworkPolicy): string {
  return `${metadata.namespace}/${metadata.name}`;
}
