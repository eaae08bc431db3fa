import type { Peer, PeerKind } from '../../model/entities.js';
import { compareText } from '../../errors.js';
import { count } from '../rule.js';
import type { LintedFlow, ModelFacts } from './model-facts.js';

/** A peer, and the flows that have it at one end. */
export interface PeerUse<K extends PeerKind = PeerKind> {
  readonly peer: Peer & { readonly kind: K };
  readonly flows: readonly LintedFlow[];
}

/** The peers of these kinds at one end of flows, by name. One finding a peer is enough, however many flows it has. */
export function peersUsed<K extends PeerKind>(
  { flows }: ModelFacts,
  end: 'from' | 'to',
  kinds: readonly K[],
): PeerUse<K>[] {
  const uses = new Map<string, { peer: Peer & { readonly kind: K }; flows: LintedFlow[] }>();
  for (const flow of flows) {
    const at = flow[end];
    if (at.kind !== 'peer' || !isOf(at.peer, kinds)) continue;
    const use = uses.get(at.peer.name) ?? { peer: at.peer, flows: [] };
    use.flows.push(flow);
    uses.set(at.peer.name, use);
  }
  return [...uses.values()].sort((a, b) => compareText(a.peer.name, b.peer.name));
}

function isOf<K extends PeerKind>(peer: Peer, kinds: readonly K[]): peer is Peer & { readonly kind: K } {
  return kinds.some((kind) => kind === peer.kind);
}

/** `flow "a"`, or `flow "a" and 2 more`: the first by name. */
export function flowsOf(flows: readonly LintedFlow[]): string {
  const [first] = flows.map(({ flow }) => flow.name).sort(compareText);
  return `flow "${first}"${flows.length > 1 ? ` and ${count(flows.length - 1, 'other', 'others')}` : ''}`;
}
