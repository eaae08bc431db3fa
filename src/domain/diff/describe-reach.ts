import type { Reach } from '../compile/compiled.js';
import { compareText } from '../errors.js';

/**
 * The pods or addresses that an end stands for, for people.
 * @example describeReach([podsPeer('shop', { matchLabels: { app: 'web' } })]) // 'pods {"matchLabels":{"app":"web"}} of namespace shop'
 */
export function describeReach(seen: Reach): string {
  if (seen === 'anywhere') return 'anyone';
  const items = seen.map((peer) => {
    if (peer.kind === 'block') return [peer.cidr, ...peer.except].join(' except ');
    const where =
      typeof peer.namespaces === 'string'
        ? `namespace ${peer.namespaces}`
        : `namespaces ${JSON.stringify(peer.namespaces)}`;
    return `pods ${JSON.stringify(peer.podSelector)} of ${where}`;
  });
  return items.sort(compareText).join(', ');
}
