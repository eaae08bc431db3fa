import type { Fields } from './fields.js';
import { fieldsAt } from './fields.js';

/** How the objects of one kind are read. */
export type Reading =
  | 'policy'
  | 'namespace'
  | 'service'
  | 'pod'
  /** Makes pods from a template. */
  | 'template'
  /** A policy of another kind, which this answer does not include. */
  | 'foreign-policy'
  | 'nothing';

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  ReplicaSet: ['apps', 'extensions'],
  ReplicationController: [''],
  Job: ['batch'],
  CronJob: ['batch'],
};
const CORE: Readonly<Record<string, Reading>> = { Pod: 'pod', Namespace: 'namespace', Service: 'service' };

/** What a NetworkPolicy may call its API: the second was removed in Kubernetes 1.16, with the same fields. */
export const POLICY_API_VERSIONS: readonly string[] = ['networking.k8s.io/v1', 'extensions/v1beta1'];

/** One without an apiVersion is refused as a NetworkPolicy, rather than skipped. */
const POLICY_GROUPS: readonly string[] = ['networking.k8s.io', 'extensions', ''];

/**
 * Tells how an object is read from its group and kind. A kind of policy that is not known by name still counts as one where
 * its name says so: skipping it silently would give a wrong answer.
 * @example readingOf('cilium.io/v2', 'CiliumNetworkPolicy') // 'foreign-policy'
 */
export function readingOf(apiVersion: string, kind: string): Reading {
  const group = groupOf(apiVersion);
  if (kind === 'NetworkPolicy' && POLICY_GROUPS.includes(group)) return 'policy';
  if (Object.hasOwn(TEMPLATES, kind) && (apiVersion === '' || TEMPLATES[kind]?.includes(group) === true))
    return 'template';
  if (group === '' && Object.hasOwn(CORE, kind)) return CORE[kind] ?? 'nothing';
  return isForeignPolicy(kind) ? 'foreign-policy' : 'nothing';
}

/** A staged policy (Calico) is written but not enforced. */
function isForeignPolicy(kind: string): boolean {
  return !kind.startsWith('Staged') && (/Network(Set)?Policy$/.test(kind) || kind === 'EgressFirewall');
}

/** The API group: empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The pod template of a kind that makes pods: one level deeper in a CronJob. */
export function templateOf(kind: string, object: Fields): Fields {
  const spec = fieldsAt(object, 'spec');
  const owner = kind === 'CronJob' ? fieldsAt(fieldsAt(spec, 'jobTemplate'), 'spec') : spec;
  return fieldsAt(owner, 'template');
}
