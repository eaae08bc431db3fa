import type { NetworkPolicy } from '../kubernetes/network-policy.js';

/**
 * The objects as one Kubernetes `List`, in their order, on one line and a line feed.
 * @example writeJsonList([]) // '{"apiVersion":"v1","kind":"List","items":[]}\n'
 */
export function writeJsonList(policies: readonly NetworkPolicy[]): string {
  return `{"apiVersion":"v1","kind":"List","items":${JSON.stringify(policies)}}\n`;
}
