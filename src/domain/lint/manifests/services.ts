import type { ServiceFacts } from '../../kubernetes/service.js';
import type { WorkloadFacts } from '../../kubernetes/workload.js';
import { lastPort, type PortRange } from '../../model/ports.js';
import type { Effort } from './effort.js';
import type { PodLookup } from './pod-lookup.js';

/** A port of a Service, and the number it comes to at one pod. */
export interface TargetedPort {
  readonly service: ServiceFacts;
  readonly port: number;
  readonly protocol: PortRange['protocol'];
  readonly target: number;
}

/** What manifests say of where a pod listens. */
export interface Listening {
  /** Declared, probed, or the target of a Service. */
  readonly ports: readonly PortRange[];
  /** False where nothing is said at all: then nothing can be concluded. */
  readonly isSaid: boolean;
  readonly services: readonly TargetedPort[];
}

/** Gives for each pod where it listens, looked up once. */
export function listening(
  services: readonly ServiceFacts[],
  lookup: PodLookup,
  effort: Effort,
): (pod: number) => Listening {
  const byPod = servicesOfPods(services, lookup, effort);
  const known = new Map<number, Listening>();
  return (pod) => {
    const found = known.get(pod) ?? listeningOf(lookup.all[pod], byPod.get(pod) ?? []);
    known.set(pod, found);
    return found;
  };
}

function listeningOf(pod: WorkloadFacts | undefined, services: readonly ServiceFacts[]): Listening {
  const targeted = services.flatMap((service) =>
    service.ports.flatMap(({ port, protocol, targetPort }) =>
      targetsOf(pod, protocol, targetPort).map((target) => ({ service, port, protocol, target })),
    ),
  );
  const targets = targeted.map(({ protocol, target }) => ({ protocol, port: target }));
  const ports = [...(pod?.listens ?? []), ...targets];
  return { ports, isSaid: ports.length > 0, services: targeted };
}

function targetsOf(pod: WorkloadFacts | undefined, protocol: string, target: number | string): number[] {
  if (typeof target === 'number') return [target];
  const named = pod?.namedPorts ?? [];
  return named.filter((port) => port.name === target && port.protocol === protocol).map(({ port }) => port);
}

/** Which Services send to a pod. One without a selector sends to addresses that someone else keeps. */
function servicesOfPods(
  services: readonly ServiceFacts[],
  lookup: PodLookup,
  effort: Effort,
): ReadonlyMap<number, readonly ServiceFacts[]> {
  const byPod = new Map<number, ServiceFacts[]>();
  for (const service of services) {
    if (Object.keys(service.selector).length === 0) continue;
    const pods = lookup.inNamespace(service.namespace, { matchLabels: service.selector });
    if (!effort.spend(pods.length)) break;
    for (const pod of pods) {
      const list = byPod.get(pod);
      if (list === undefined) byPod.set(pod, [service]);
      else list.push(service);
    }
  }
  return byPod;
}

/** True where some port of `range` is one of `ports`. */
export function listensIn(ports: readonly PortRange[], range: PortRange): boolean {
  return ports.some(
    (port) => port.protocol === range.protocol && port.port <= lastPort(range) && range.port <= lastPort(port),
  );
}
