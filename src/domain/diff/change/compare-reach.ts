import type { BlockPeer, PodsPeer, Reach, RulePeer } from '../../compile/compiled.js';
import { NAMESPACE_NAME } from '../../compile/selectors.js';
import { blockRanges, type AddressRange } from '../../evaluate/ranges.js';
import { canOverlap, isSubset, type LabelSelector } from '../../model/selector.js';
import { riskOf, type Difference } from './risk.js';

/**
 * What it means that an end stands for `after` and no longer for `before`: by the addresses and pods themselves, not by how they are
 * written, so that two halves of a block and the whole block are the same.
 * @example compareReach(addresses([{ cidr: '10.0.0.0/9' }]).blocks, addresses([{ cidr: '10.0.0.0/8' }]).blocks) // 'widens'
 */
export function compareReach(before: Reach, after: Reach): Difference {
  if (before === after || keyOf(before) === keyOf(after)) return 'same';
  return riskOf(holds(after, before), holds(before, after));
}

function keyOf(reach: Reach): string {
  return reach === 'anywhere' ? reach : reach.map((peer) => peer.key).join(' ');
}

function holds(outer: Reach, inner: Reach): boolean {
  if (outer === 'anywhere' || inner === 'anywhere') return outer === 'anywhere';
  const around = outer.filter(isPods);
  const podsHeld = inner.filter(hasPods).every((peer) => around.some((other) => holdsPods(other, peer)));
  return podsHeld && holdsAddresses(outer.filter(isBlock), inner.filter(isBlock));
}

function isPods(peer: RulePeer): peer is PodsPeer {
  return peer.kind === 'pods';
}

function isBlock(peer: RulePeer): peer is BlockPeer {
  return peer.kind === 'block';
}

/** A selector that contradicts itself has no pod anywhere, and so has every reach. */
function hasPods(peer: RulePeer): peer is PodsPeer {
  if (!isPods(peer)) return false;
  return [peer.podSelector, namespacesOf(peer)].every((selector) => canOverlap(selector, selector));
}

function holdsPods(outer: PodsPeer, inner: PodsPeer): boolean {
  const sameNamespaces = outer.scope === inner.scope || isSubset(namespacesOf(inner), namespacesOf(outer));
  return sameNamespaces && isSubset(inner.podSelector, outer.podSelector);
}

function namespacesOf({ namespaces }: PodsPeer): LabelSelector {
  return typeof namespaces === 'string' ? { matchLabels: { [NAMESPACE_NAME]: namespaces } } : namespaces;
}

function holdsAddresses(outer: readonly BlockPeer[], inner: readonly BlockPeer[]): boolean {
  const around = joined(outer);
  return joined(inner).every((range) =>
    around.some(({ family, first, last }) => family === range.family && first <= range.first && range.last <= last),
  );
}

/** The addresses of all blocks as the fewest ranges: what touches or overlaps is one. */
function joined(blocks: readonly BlockPeer[]): AddressRange[] {
  const ranges = blocks.flatMap(blockRanges).sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const out: AddressRange[] = [];
  for (const family of ['IPv4', 'IPv6'] as const) {
    let open: AddressRange | undefined;
    for (const range of ranges) {
      if (range.family !== family) continue;
      if (open !== undefined && range.first <= open.last + 1n) {
        if (range.last > open.last) open = { ...open, last: range.last };
      } else {
        if (open !== undefined) out.push(open);
        open = range;
      }
    }
    if (open !== undefined) out.push(open);
  }
  return out;
}
