import type { NetworkPolicy } from '../kubernetes/network-policy.js';

/**
 * The objects as one Kubernetes `List`, in their order, on one line and a line feed. In pieces, to be put one behind the other, one for
 * each namespace.
 * @example jsonPieces([]).join('') // '{"apiVersion":"v1","kind":"List","items":[]}\n'
 */
export function jsonPieces(policies: readonly NetworkPolicy[]): string[] {
  const pieces = ['{"apiVersion":"v1","kind":"List","items":['];
  let from = 0;
  for (const [index, { metadata }] of policies.entries()) {
    if (policies[index + 1]?.metadata.namespace === metadata.namespace) continue;
    const items = JSON.stringify(policies.slice(from, index + 1)).slice(1, -1);
    pieces.push(from === 0 ? items : `,${items}`);
    from = index + 1;
  }
  return [...pieces, ']}\n'];
}
