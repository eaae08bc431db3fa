import { createHash } from 'node:crypto';

/** Where the parent of an environment's ApplySet lives, for tools whose sets span namespaces. */
export const APPLY_SET_NAMESPACE = 'sluice-system';

/** A set of objects that are applied and pruned together: the object that stands for it, and the id that its members carry. */
export interface ApplySet {
  /** The value of the members' label applyset.kubernetes.io/part-of, and of their parent's label applyset.kubernetes.io/id. */
  readonly id: string;
  readonly kind: 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
}

/**
 * The ApplySet of an environment, with a ConfigMap as parent. kubectl refuses objects outside the parent's namespace, so for kubectl each
 * namespace has a set of its own. https://github.com/kubernetes/enhancements/tree/master/keps/sig-cli/3659-kubectl-apply-prune
 * @example applySet('prod').id // 'applyset-...-v1'
 */
export function applySet(environment: string, namespace: string = APPLY_SET_NAMESPACE): ApplySet {
  const name = `sluice-${environment}`;
  return { id: applySetId({ name, namespace, kind: 'ConfigMap', group: '' }), kind: 'ConfigMap', namespace, name };
}

/** As kubectl computes it: a hash of `<name>.<namespace>.<kind>.<group>` of the parent. */
export function applySetId(parent: Record<'name' | 'namespace' | 'kind' | 'group', string>): string {
  const text = [parent.name, parent.namespace, parent.kind, parent.group].join('.');
  return `applyset-${createHash('sha256').update(text).digest('base64url')}-v1`;
}
