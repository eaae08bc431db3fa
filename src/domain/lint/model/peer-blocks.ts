import { internet } from '../../compile/addresses.js';
import type { CidrBlock } from '../../model/cidr.js';
import type { Peer } from '../../model/entities.js';
import type { ModelFacts } from './model-facts.js';

/** The blocks of a peer in this environment. */
export function blocksOf(
  peer: Peer & { readonly kind: 'cidr' | 'internet' },
  { snapshot }: ModelFacts,
): readonly CidrBlock[] {
  if (peer.kind === 'internet') return internet(peer.except).blocks.map(({ cidr, except }) => ({ cidr, except }));
  const { name } = snapshot.environment;
  return peer.blocks.filter(({ environments }) => environments?.includes(name) ?? true);
}
