import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import type { CompiledPolicy } from '../compile/compiled.js';
import type { Finding } from '../finding.js';

/** `kubectl apply` keeps the whole object in an annotation, and all annotations together may have this many bytes. */
export const OBJECT_LARGE = 256 * 1024;
/** The API server's store takes 1.5 MiB; the rest is for what others add (managedFields, their annotations). */
export const OBJECT_TOO_LARGE = 1024 * 1024;
/** https://kubernetes.io/docs/reference/generated/kubernetes-api (ObjectMeta.annotations): TotalAnnotationSizeLimitB */
export const ANNOTATIONS_MAX = 256 * 1024;

/**
 * A warning for an object that client-side `kubectl apply` may refuse, an error for one that the API server may refuse. Bytes are those
 * of compact JSON, the form that is sent and kept; the YAML is never shorter, so a short YAML needs no second look.
 * @example noticeSize(policy, object, yaml.length) // []
 */
export function noticeSize(policy: CompiledPolicy, object: NetworkPolicy, yamlLength: number): Finding[] {
  if (yamlLength <= OBJECT_LARGE) return [];
  const path = `${policy.namespace}/${policy.name}`;
  const bytes = Buffer.byteLength(JSON.stringify(object));
  const annotations = Buffer.byteLength(
    Object.entries(object.metadata.annotations ?? {})
      .flat()
      .join(''),
  );
  const causes = causesOf(policy);
  if (annotations > ANNOTATIONS_MAX) {
    const message = `NetworkPolicy "${path}" has ${annotations} bytes of annotations, the names of its flows; Kubernetes takes ${ANNOTATIONS_MAX}: ${causes}`;
    return [{ code: 'object-too-large', severity: 'error', path, message }];
  }
  if (bytes > OBJECT_TOO_LARGE) {
    const message = `NetworkPolicy "${path}" has ${bytes} bytes, more than the ${OBJECT_TOO_LARGE} that are sure to be stored: ${causes}`;
    return [{ code: 'object-too-large', severity: 'error', path, message }];
  }
  if (bytes <= OBJECT_LARGE) return [];
  const message = `NetworkPolicy "${path}" has ${bytes} bytes, more than the ${OBJECT_LARGE} that client-side kubectl apply takes (use --server-side): ${causes}`;
  return [{ code: 'object-large', severity: 'warning', path, message }];
}

function causesOf(policy: CompiledPolicy): string {
  if (policy.kind === 'default-deny') return 'no flow';
  const peers = policy.rules.reduce((sum, rule) => sum + (rule.peers === 'anywhere' ? 1 : rule.peers.length), 0);
  return `${policy.flows.length} flows in ${policy.rules.length} rules with ${peers} peers`;
}
