import { buildWorld, type World } from '../../evaluate/world.js';
import type { NetworkPolicy } from '../../kubernetes/network-policy.js';
import type { Declared } from '../declared/declared.js';
import type { Probes } from '../probes/probe.js';
import type { Scope } from './scope.js';

/** The evaluator's cluster of the probes and the rendered objects; and the class of each probe in it, and back. */
export interface Judge {
  readonly world: World;
  readonly classOf: readonly number[];
  readonly probesOf: readonly (readonly number[])[];
}

/**
 * Hands the probes and the objects to the evaluator. Blocks mean addresses outside only: the model never means pods by them.
 * The blocks that the snapshot declares cut the ranges too, so that within each range nothing can differ.
 */
export function judgeOf({ objects, cutAlsoBy: others }: Scope, probes: Probes, declared: Declared): Judge {
  const workloads = probes.pods.map(({ namespace, labels }, id) => ({
    namespace,
    labels,
    name: String(id),
    kind: 'Pod',
  }));
  const cutAlsoBy = [cutting(declared), ...others];
  const world = buildWorld(
    { namespaces: probes.namespaces, workloads, policies: objects, cutAlsoBy },
    { ipBlockMatchesPods: false, ipv6: 'always' },
  );
  const { classOf } = world;
  const probesOf = world.classes.map((): number[] => []);
  for (const [id, number] of classOf.entries()) probesOf[number]?.push(id);
  return { world, classOf, probesOf };
}

/** An object that holds nowhere, with all declared blocks. */
function cutting({ tiers }: Declared): NetworkPolicy {
  const cidrs = new Set<string>();
  for (const { rules } of tiers) {
    for (const { end } of [...rules.ingress, ...rules.egress])
      if (end.kind === 'addresses') for (const cidr of end.addresses.cidrs) cidrs.add(cidr);
  }
  const blocks = [...cidrs].map((cidr) => ({ ipBlock: { cidr } }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'declared', namespace: 'declared' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: blocks }],
      egress: [{ to: blocks }],
    },
  };
}
