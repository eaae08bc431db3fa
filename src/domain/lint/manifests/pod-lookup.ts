import { labelIndex, matching, type LabelIndex } from '../../evaluate/label-index.js';
import { selectorKey } from '../../evaluate/selector.js';
import type { Manifests } from '../../kubernetes/read-manifests.js';
import { NAMESPACE_NAME_LABEL } from '../../kubernetes/namespaces.js';
import { workloadRef, type NamespaceFacts, type WorkloadFacts } from '../../kubernetes/workload.js';
import type { LabelSelector } from '../../model/selector.js';

/** The labels that pods of one namespace carry, with their values. */
export type LabelValues = ReadonlyMap<string, ReadonlySet<string>>;

/** The pods of the manifests by their labels; a pod is known by its place in `all`. */
export interface PodLookup {
  readonly all: readonly WorkloadFacts[];
  /** Those of one namespace. The same selector gives the same list. */
  readonly inNamespace: (namespace: string, selector: LabelSelector) => readonly number[];
  /** The namespaces, among those given or used, that a selector matches. */
  readonly namespaces: (selector: LabelSelector) => readonly string[];
  /** What labels the pods of a namespace carry; nothing where there is no pod that a selector could match. */
  readonly labelValues: (namespace: string) => LabelValues | undefined;
  /** Whether any pod of the namespace is among the manifests: of one that is not here nothing can be said. */
  readonly isSeen: (namespace: string) => boolean;
  /** The manifests are a whole cluster, as they have what every cluster has: pods in kube-system. */
  readonly isWholeCluster: boolean;
  /** `namespace/name[Kind]` of pods, each once. */
  readonly refs: (pods: readonly number[]) => string[];
}

/** Indexes the pods. Those on the host network are left out: selectors do not match them. */
export function podLookup({ workloads, namespaces: given }: Manifests): PodLookup {
  const byNamespace = indexes(workloads);
  const namespaces = withMissing(given, workloads);
  const spaces = labelIndex([...namespaces.keys()], (id) => namespaces[id]?.labels ?? {});
  const seen = new Set(workloads.map(({ namespace }) => namespace));
  const pods = new Map<string, readonly number[]>();
  const names = new Map<string, readonly string[]>();
  const values = new Map<string, LabelValues | undefined>();
  return {
    all: workloads,
    inNamespace: (namespace, selector) => {
      const index = byNamespace.get(namespace);
      return index === undefined
        ? NOBODY
        : remember(pods, `${namespace} ${selectorKey(selector)}`, () => matching(index, selector));
    },
    namespaces: (selector) =>
      remember(names, selectorKey(selector), () => matching(spaces, selector).map((id) => namespaces[id]?.name ?? '')),
    labelValues: (namespace) => remember(values, namespace, () => labelValuesOf(byNamespace.get(namespace))),
    isSeen: (namespace) => seen.has(namespace),
    isWholeCluster: seen.has('kube-system'),
    refs: (some) => [
      ...new Set(some.flatMap((id) => (workloads[id] === undefined ? [] : [workloadRef(workloads[id])]))),
    ],
  };
}

const NOBODY: readonly number[] = [];

function indexes(workloads: readonly WorkloadFacts[]): Map<string, LabelIndex> {
  const ids = new Map<string, number[]>();
  for (const [id, { namespace, hostNetwork }] of workloads.entries()) {
    if (hostNetwork === true) continue;
    const list = ids.get(namespace);
    if (list === undefined) ids.set(namespace, [id]);
    else list.push(id);
  }
  return new Map([...ids].map(([name, list]) => [name, labelIndex(list, (id) => workloads[id]?.labels ?? {})]));
}

/** A namespace that is used and not given has its name as a label, and no other that is known. */
function withMissing(given: readonly NamespaceFacts[], workloads: readonly WorkloadFacts[]): readonly NamespaceFacts[] {
  const known = new Map(given.map((namespace) => [namespace.name, namespace]));
  for (const { namespace: name } of workloads)
    if (!known.has(name)) known.set(name, { name, labels: { [NAMESPACE_NAME_LABEL]: name } });
  return [...known.values()];
}

function labelValuesOf(index: LabelIndex | undefined): LabelValues | undefined {
  if (index === undefined) return undefined;
  const values = new Map<string, Set<string>>();
  for (const id of index.ids)
    for (const [key, value] of Object.entries(index.labelsOf(id)))
      values.set(key, (values.get(key) ?? new Set<string>()).add(value));
  return values;
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
