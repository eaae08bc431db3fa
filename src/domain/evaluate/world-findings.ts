import { sortFindings, type Finding } from '../finding.js';
import { workloadRef } from '../kubernetes/workload.js';
import { matches } from './selector.js';
import type { World } from './world.js';

/** What is worth a look once policies and pods are together: policies that select no pod, and pods on the host network. */
export function worldFindings(world: World): Finding[] {
  return sortFindings([...selectsNothing(world), ...hostNetwork(world)]);
}

/** Legal, and without effect: often a typing error in a label. */
function selectsNothing({ input, isolation }: World): Finding[] {
  const used = new Set(
    [...isolation.ingress.values(), ...isolation.egress.values()].flatMap((sides) => sides.map(({ policy }) => policy)),
  );
  return input.policies
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .filter((policy) => !used.has(policy))
    .map((policy) => ({
      code: 'policy-selects-nothing',
      severity: 'warning',
      path: policy,
      message: `NetworkPolicy ${policy} selects no pod of these manifests: it has no effect`,
    }));
}

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods */
function hostNetwork({ input, options }: World): Finding[] {
  const onHost = new Map(
    input.workloads.filter((one) => one.hostNetwork === true).map((one) => [workloadRef(one), one]),
  );
  return [...onHost].flatMap(([ref, { namespace, labels }]): Finding[] => {
    const selecting = input.policies.filter(
      ({ metadata, spec }) => metadata.namespace === namespace && matches(spec.podSelector, labels),
    );
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
