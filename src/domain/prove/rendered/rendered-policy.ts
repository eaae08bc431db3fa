import type { Direction } from '../../evaluate/grants.js';
import type { NetworkPolicy } from '../../kubernetes/network-policy.js';
import type { PodSet } from '../pods/pod-set.js';
import type { ReadPods } from '../pods/read-pods.js';

/** A NetworkPolicy of the bytes, and which pods it selects for which directions. */
export interface RenderedPolicy {
  readonly ref: string;
  readonly namespace: string;
  readonly set: PodSet;
  /** Sorted. */
  readonly directions: readonly Direction[];
  readonly policy: NetworkPolicy;
}

/**
 * Takes an object as it was read: valid and defaulted.
 * @example renderedPolicy(policy, podReader()).ref // 'shop/allow-web-egress'
 */
export function renderedPolicy(policy: NetworkPolicy, read: ReadPods): RenderedPolicy {
  const { metadata, spec } = policy;
  const directions: Direction[] = [];
  if (spec.policyTypes.includes('Egress')) directions.push('egress');
  if (spec.policyTypes.includes('Ingress')) directions.push('ingress');
  return {
    ref: `${metadata.namespace}/${metadata.name}`,
    namespace: metadata.namespace,
    set: read(metadata.namespace, spec.podSelector),
    directions,
    policy,
  };
}
