import type { Labels } from '../model/labels.js';
import { portNumber } from '../model/ports.js';
import { protocolOf } from './defaulting.js';
import { fieldsAt, isFields, listAt, own, textAt, type Fields } from './fields.js';
import { listeningPorts } from './listening.js';
import type { ContainerPort, WorkloadFacts } from './workload.js';

/** What is read of a pod or a pod template: all of WorkloadFacts but who it belongs to. */
export type PodFacts = Omit<WorkloadFacts, 'namespace' | 'name' | 'kind'>;

/** Reads a pod, or a pod template as it has the same fields: the labels are those of its own metadata. */
export function podFacts(pod: Fields): PodFacts {
  const spec = fieldsAt(pod, 'spec');
  const status = fieldsAt(pod, 'status');
  const addresses = addressesOf(status, 'podIPs', 'podIP');
  const hostAddresses = addressesOf(status, 'hostIPs', 'hostIP');
  const listens = [...listAt(spec, 'containers'), ...sidecarsOf(spec)].flatMap((one) =>
    isFields(one) ? listeningPorts(one) : [],
  );
  return {
    labels: labelsOf(fieldsAt(pod, 'metadata')),
    namedPorts: [
      ...listAt(spec, 'containers').flatMap(portsOf('regular')),
      ...sidecarsOf(spec).flatMap(portsOf('sidecar')),
    ],
    ...(listens.length === 0 ? {} : { listens }),
    ...(own(spec, 'hostNetwork') === true ? { hostNetwork: true } : {}),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(hostAddresses.length === 0 ? {} : { hostAddresses }),
  };
}

/** An init container that keeps running beside the others: restartPolicy Always. */
function sidecarsOf(spec: Fields): readonly unknown[] {
  return listAt(spec, 'initContainers').filter((one) => isFields(one) && own(one, 'restartPolicy') === 'Always');
}

function portsOf(container: 'regular' | 'sidecar'): (value: unknown) => ContainerPort[] {
  return (value) =>
    listAt(isFields(value) ? value : {}, 'ports').flatMap((item): ContainerPort[] => {
      if (!isFields(item)) return [];
      const name = textAt(item, 'name');
      const port = own(item, 'containerPort');
      if (name === undefined || typeof port !== 'number' || portNumber(port) !== undefined) return [];
      return [{ name, protocol: protocolOf(item), port, container }];
    });
}

function addressesOf(status: Fields, list: string, single: string): string[] {
  const listed = listAt(status, list).map((item) => (isFields(item) ? textAt(item, 'ip') : undefined));
  const all = [...listed, textAt(status, single)].filter((ip) => ip !== undefined && ip !== '');
  return [...new Set(all as string[])];
}

/** Labels as texts. Numbers and booleans, which the API server would refuse, are read as they would be written. */
export function labelsOf(metadata: Fields): Labels {
  const entries = Object.entries(fieldsAt(metadata, 'labels')).filter(
    ([, value]) => value === null || typeof value !== 'object',
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, value === null ? '' : String(value)]));
}

/** The keys whose values are no texts. */
export function oddLabels(metadata: Fields): string[] {
  return Object.entries(fieldsAt(metadata, 'labels')).flatMap(([key, value]) =>
    typeof value === 'string' ? [] : [key],
  );
}
