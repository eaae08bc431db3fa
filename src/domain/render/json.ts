import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { jsonOfYaml } from './json-of-yaml.js';

const HEAD = '{"apiVersion":"v1","kind":"List","items":[';
const END = ']}\n';

/**
 * The objects as one Kubernetes `List`, in their order, on one line and a line feed. In pieces, to be put one behind the other, one for
 * each namespace.
 * @example jsonPieces([]).join('') // '{"apiVersion":"v1","kind":"List","items":[]}\n'
 */
export function jsonPieces(policies: readonly NetworkPolicy[]): string[] {
  const pieces = [HEAD];
  let from = 0;
  for (const [index, { metadata }] of policies.entries()) {
    if (policies[index + 1]?.metadata.namespace === metadata.namespace) continue;
    const items = JSON.stringify(policies.slice(from, index + 1)).slice(1, -1);
    pieces.push(from === 0 ? items : `,${items}`);
    from = index + 1;
  }
  return [...pieces, END];
}

/**
 * The same List, byte for byte, of the YAML that was written of the objects.
 * @example jsonOfStream(Buffer.of()) // '{"apiVersion":"v1","kind":"List","items":[]}\n'
 */
export function jsonOfStream(yaml: Uint8Array): string {
  return `${HEAD}${jsonOfYaml(yaml)}${END}`;
}
