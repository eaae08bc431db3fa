import type { Labels } from '../model/labels.js';
import type { PortRange, Protocol } from '../model/ports.js';

/** A namespace and its labels, `kubernetes.io/metadata.name` among them. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Labels;
}

/** A port that a container declares under a name. `sidecar` is a restartable init container; without `container`: regular. */
export interface ContainerPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly container?: 'regular' | 'sidecar';
}

/**
 * What evaluation needs to know of pods: the labels are the pods' own (template.metadata.labels). A workload whose pods
 * differ is given once for each kind of pod, under the same namespace, name and kind.
 */
export interface WorkloadFacts {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly labels: Labels;
  /** In container order; ports without a name are left out, as they change nothing. */
  readonly namedPorts?: readonly ContainerPort[];
  /** Where the containers say that they listen: the ports they declare and those their probes ask. It changes no verdict. */
  readonly listens?: readonly PortRange[];
  readonly hostNetwork?: boolean;
  /** The pods' addresses where they are known (status.podIPs). */
  readonly addresses?: readonly string[];
  /** The addresses of the pods' nodes where they are known (status.hostIPs). */
  readonly hostAddresses?: readonly string[];
}

/** `namespace/name[Kind]`: how a workload is called in every answer. */
export function workloadRef(workload: Pick<WorkloadFacts, 'namespace' | 'name' | 'kind'>): string {
  return `${workload.namespace}/${workload.name}[${workload.kind}]`;
}
