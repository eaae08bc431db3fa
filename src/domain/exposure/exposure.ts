import { compareText } from '../errors.js';
import { budget } from '../evaluate/budget.js';
import type { Direction } from '../evaluate/grants.js';
import { EVERY_PORT, portsAt } from '../evaluate/port-rule.js';
import { portTable } from '../evaluate/port-table.js';
import { formatRange } from '../evaluate/ranges.js';
import type { World, WorkloadPeer } from '../evaluate/world.js';
import type { Labels } from '../model/labels.js';
import type { LabelSelector } from '../model/selector.js';
import { formatExposed, isNothing, type ExposedPorts } from './exposed-ports.js';
import { gather, openToAll, withoutRepeats, type Opening } from './openings.js';
import { isEntireCluster, podsOfRule, podsText, podsWithin, type PotentialPods } from './potential-pods.js';
import { rangeOpenings, type RangeOpening } from './range-openings.js';

/** Something that is not in the manifests and could reach the workload (`ingress`) or be reached by it (`egress`). */
export interface Exposure {
  readonly workload: string;
  readonly direction: Direction;
  /** `entire-cluster`, `namespaces/pods[Pods]` or `first-last[External]`. */
  readonly peer: string;
  readonly kind: 'entire-cluster' | 'pods' | 'range';
  readonly namespace?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
  readonly conn: string;
  /** The NetworkPolicies that leave this open; none where nothing isolates the workload. */
  readonly policies: readonly string[];
}

/** A workload with pods that no NetworkPolicy isolates in this direction. */
export interface Unprotected {
  readonly workload: string;
  readonly direction: Direction;
}

export interface ExposureAnswer {
  readonly exposures: readonly Exposure[];
  readonly unprotected: readonly Unprotected[];
}

const MAX_EXPOSURES = 1_000_000;
const MAX_COMPARISONS = 5_000_000;
const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

/**
 * What each workload leaves open to those who are not in the manifests: pods that could be created (in every namespace, or by
 * selectors), and addresses outside the cluster; sorted by workload and direction, pods before addresses. It is what the
 * workload's own policies say: the policies of whoever comes may forbid it still. A selector counts whether or not it matches
 * a given workload, as another pod with these labels may come; what is open to wider pods is not said again of narrower ones.
 * @example exposure(buildWorld(readManifests(text))).exposures[0]
 * // { workload: 'shop/web[Deployment]', direction: 'ingress', peer: 'entire-cluster', conn: 'TCP 80', ... }
 */
export function exposure(world: World): ExposureAnswer {
  const spend = budget(MAX_EXPOSURES, 'exposures');
  const sides = DIRECTIONS.map((direction) => sideOf(world, direction));
  const exposures = world.workloads.flatMap((workload) =>
    sides.flatMap((exposuresOf) => {
      const found = exposuresOf(workload);
      spend(found.length);
      return found;
    }),
  );
  const unprotected = world.workloads.flatMap(({ ref, classes }) =>
    DIRECTIONS.filter((direction) => classes.some((id) => !world.isolation[direction].has(id))).map((direction) => ({
      workload: ref,
      direction,
    })),
  );
  return { exposures, unprotected };
}

function sideOf(world: World, direction: Direction): (workload: WorkloadPeer) => Exposure[] {
  const known = labelsByNamespace(world);
  const toPods = podOpenings(world, direction, known);
  const toRanges = rangeOpenings(world, portTable(), direction);
  const spend = budget(MAX_COMPARISONS, 'comparisons of selectors');
  const within = (inner: PotentialPods, outer: PotentialPods): boolean => podsWithin(inner, outer, known);
  return ({ ref, classes }) => [
    ...withoutRepeats(gather(classes.flatMap(toPods)), within, spend).map((one) => ofPods(ref, direction, one)),
    ...toRanges(classes).map((one) => ofRange(ref, direction, one)),
  ];
}

/** Every namespace of the world, those that are only named by a workload too: such a one has its name as its only label. */
function labelsByNamespace({ input }: World): ReadonlyMap<string, Labels> {
  const invented = input.workloads.map(({ namespace }): [string, Labels] => [
    namespace,
    { 'kubernetes.io/metadata.name': namespace },
  ]);
  return new Map([...invented, ...input.namespaces.map(({ name, labels }): [string, Labels] => [name, labels])]);
}

/** What pods of one class leave open: names of ports are looked up where the pods themselves are the destination. */
function podOpenings(
  world: World,
  direction: Direction,
  known: ReadonlyMap<string, Labels>,
): (id: number) => readonly Opening[] {
  return (id) => {
    const sides = world.isolation[direction].get(id);
    const subject = world.classes[id];
    if (sides === undefined) return [openToAll(EVERY_PORT)];
    return sides.flatMap(({ policy, namespace, grants }) =>
      grants.flatMap(({ written, ports: said }): Opening[] => {
        const ports: ExposedPorts = direction === 'egress' ? said : { fixed: portsAt(said, subject), named: [] };
        if (isNothing(ports)) return [];
        return podsOfRule(written, namespace, known, world.options)
          .filter(({ over }) => over === 'any' || subject?.families.includes(over) === true)
          .map(({ pods }) => ({ pods, ports, policies: new Set([policy]) }));
      }),
    );
  };
}

function ofPods(workload: string, direction: Direction, { pods, ports, policies }: Opening): Exposure {
  const conn = formatExposed(ports);
  const by = [...policies].sort(compareText);
  const peer = podsText(pods);
  if (isEntireCluster(pods)) return { workload, direction, peer, kind: 'entire-cluster', conn, policies: by };
  const { namespaces, pods: podSelector } = pods;
  const where =
    namespaces.kind === 'one'
      ? { namespace: namespaces.name }
      : { namespaceSelector: namespaces.kind === 'every' ? {} : namespaces.selector };
  return { workload, direction, peer, kind: 'pods', ...where, podSelector, conn, policies: by };
}

function ofRange(workload: string, direction: Direction, { range, conn, policies }: RangeOpening): Exposure {
  return {
    ...{ workload, direction, peer: formatRange(range), kind: 'range' as const, conn },
    policies: [...policies].sort(compareText),
  };
}
