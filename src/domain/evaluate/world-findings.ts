import { sortFindings, type Finding } from '../finding.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { workloadRef, type WorkloadFacts } from '../kubernetes/workload.js';
import { matches } from './selector.js';
import type { World } from './world.js';

/** What is worth a look once policies and pods are together: policies that select no pod, and pods on the host network. */
export function worldFindings(world: World): Finding[] {
  return sortFindings([...selectsNothing(world), ...hostNetwork(world)]);
}

/** Legal, and without effect: often a typing error in a label. Pods on the host network have a finding of their own. */
function selectsNothing({ input, isolation }: World): Finding[] {
  const sides = [...isolation.ingress.values(), ...isolation.egress.values()];
  const used = new Set(sides.flatMap((list) => list.map(({ policy }) => policy)));
  const onHost = input.workloads.filter(({ hostNetwork }) => hostNetwork === true);
  return input.policies.flatMap((policy): Finding[] => {
    const ref = `${policy.metadata.namespace}/${policy.metadata.name}`;
    if (used.has(ref) || onHost.some((workload) => selects(policy, workload))) return [];
    const message = `NetworkPolicy ${ref} selects no pod of these manifests: it has no effect`;
    return [{ code: 'policy-selects-nothing', severity: 'warning', path: ref, message }];
  });
}

function selects({ metadata, spec }: NetworkPolicy, { namespace, labels }: WorkloadFacts): boolean {
  return metadata.namespace === namespace && matches(spec.podSelector, labels);
}

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods */
function hostNetwork({ input, options }: World): Finding[] {
  const onHost = new Map(
    input.workloads.filter((one) => one.hostNetwork === true).map((one) => [workloadRef(one), one]),
  );
  return [...onHost].flatMap(([ref, workload]): Finding[] => {
    const selecting = input.policies.filter((policy) => selects(policy, workload));
    if (selecting.length === 0) return [];
    const names = selecting.map(({ metadata }) => metadata.name).sort();
    const taken =
      options.hostNetwork === 'node'
        ? 'its policies do not hold for it, and it is matched by address only'
        : 'it is treated as any other pod';
    const message = `${ref} is on the host network, for which NetworkPolicy is undefined (${names.join(', ')} would select it); here ${taken}`;
    return [{ code: 'host-network', severity: 'warning', path: ref, message }];
  });
}
