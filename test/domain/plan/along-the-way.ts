import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import {
  formatPortSet,
  intersectPorts,
  isNoPorts,
  subtractPorts,
  unionPorts,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import type { NetworkPolicy, PolicyType } from '../../../src/domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import type { PlanStep } from '../../../src/domain/plan/step.js';
import { CLUSTER, clusterOf, type Subject } from '../compile/declared.js';

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

/**
 * What the cluster holds after each step, from before the first one to after the last one. Throws where a step cannot be done; done again,
 * a step finds what it left.
 */
export function statesOf(
  before: readonly NetworkPolicy[],
  steps: readonly PlanStep[],
  mode: 'once' | 'again' = 'once',
): NetworkPolicy[][] {
  const held = new Map(before.map((policy) => [keyOf(policy.metadata), policy]));
  const states = [[...held.values()]];
  for (const step of steps) {
    if (mode === 'once' && held.has(keyOf(step)) === (step.action === 'create'))
      throw new Error(`cannot ${step.action} ${keyOf(step)}`);
    if (step.object === undefined) held.delete(keyOf(step));
    else held.set(keyOf(step.object.metadata), step.object);
    states.push([...held.values()]);
  }
  return states;
}

/** The pods and addresses of several snapshots, and the pairs of them that objects may rule. */
export interface Cast {
  readonly workloads: ReturnType<typeof clusterOf>['workloads'];
  readonly pairs: readonly (readonly [string, string])[];
}

export function castOf(...snapshots: readonly Snapshot[]): Cast {
  const clusters = snapshots.map(clusterOf);
  const pods = new Map(
    clusters.flatMap(({ workloads }) =>
      workloads.map(({ namespace, labels }) => [
        JSON.stringify([namespace, Object.entries(labels).sort()]),
        { namespace, labels },
      ]),
    ),
  );
  const workloads = [...pods.values()].map((pod, at) => ({ ...pod, name: `pod-${at}`, kind: 'Pod' }));
  const addresses = clusters[0]?.subjects.filter((subject: Subject) => subject.kind === 'address') ?? [];
  const refs = workloads.map(({ namespace, name }) => `${namespace}/${name}[Pod]`);
  const all = [...refs, ...addresses.map(({ ref }) => ref)];
  const pairs = all.flatMap((src) => all.map((dst) => [src, dst] as const));
  return { workloads, pairs: pairs.filter(([src, dst]) => src !== dst && (refs.includes(src) || refs.includes(dst))) };
}

type Allowed = readonly PortSet[];

/** What the objects allow, for each pair of the cast. With a type: what the objects of this direction alone allow. */
export function allowedBy(cast: Cast, held: readonly NetworkPolicy[], type?: PolicyType): Allowed {
  const policies = type === undefined ? held : held.flatMap((policy) => only(policy, type));
  const world = buildWorld({ namespaces: CLUSTER, workloads: cast.workloads, policies }, { ipBlockMatchesPods: false });
  return cast.pairs.map(([src, dst]) => allowedPorts(world, src, dst));
}

function only(policy: NetworkPolicy, type: PolicyType): NetworkPolicy[] {
  const { podSelector, policyTypes, ingress = [], egress = [] } = policy.spec;
  if (!policyTypes.includes(type)) return [];
  const spec = { podSelector, policyTypes: [type], ...(type === 'Ingress' ? { ingress } : { egress }) };
  return [{ ...policy, spec }];
}

/** What both allow and `now` denies: a cut. */
export function cutsOf(cast: Cast, before: Allowed, after: Allowed, now: Allowed): string[] {
  return say(cast, (at) => subtractPorts(intersectPorts(get(before, at), get(after, at)), get(now, at)));
}

/** What neither allows and `now` does: a hole. */
export function holesOf(cast: Cast, before: Allowed, after: Allowed, now: Allowed): string[] {
  return say(cast, (at) => subtractPorts(get(now, at), unionPorts(get(before, at), get(after, at))));
}

function get(allowed: Allowed, at: number): PortSet {
  const ports = allowed[at];
  if (ports === undefined) throw new RangeError(`no pair ${at}`);
  return ports;
}

function say({ pairs }: Cast, portsAt: (at: number) => PortSet): string[] {
  return pairs.flatMap(([src, dst], at) => {
    const ports = portsAt(at);
    return isNoPorts(ports) ? [] : [`${src} => ${dst} : ${formatPortSet(ports)}`];
  });
}
