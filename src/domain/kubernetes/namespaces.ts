import type { Finding } from '../finding.js';
import { fieldsAt, own, showValue, textAt } from './fields.js';
import type { ManifestObject } from './manifest-objects.js';
import { labelsOf } from './pod-facts.js';
import type { NamespaceFacts } from './workload.js';

/** The label that the API server keeps on every Namespace. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** The namespaces of the objects, and of all `names` used but not given; each with its name label. */
export function namespacesOf(
  objects: readonly ManifestObject[],
  names: Iterable<string>,
): { readonly namespaces: readonly NamespaceFacts[]; readonly findings: readonly Finding[] } {
  const given = objects.map(({ fields }) => {
    const metadata = fieldsAt(fields, 'metadata');
    return {
      name: textAt(metadata, 'name') ?? '',
      labels: labelsOf(metadata),
      label: own(fieldsAt(metadata, 'labels'), NAMESPACE_NAME_LABEL),
    };
  });
  const known = new Map<string, NamespaceFacts>();
  for (const { name, labels } of given) known.set(name, { name, labels: { ...labels, [NAMESPACE_NAME_LABEL]: name } });
  for (const name of names) if (!known.has(name)) known.set(name, { name, labels: { [NAMESPACE_NAME_LABEL]: name } });
  return { namespaces: [...known.values()], findings: given.flatMap(({ name, label }) => wrongLabel(name, label)) };
}

function wrongLabel(name: string, label: unknown): Finding[] {
  if (label === undefined || label === name) return [];
  const message = `Namespace ${name} carries ${NAMESPACE_NAME_LABEL}: ${showValue(label)}; the API server overwrites it with ${showValue(name)}, and so did this answer`;
  return [{ code: 'namespace-name-label', severity: 'warning', path: name, message }];
}
