import { compareText } from '../errors.js';
import type { CidrBlock } from '../model/cidr.js';
import type { Endpoint, Peer } from '../model/entities.js';
import type { PeerBox, TierBox } from './overview-model.js';
import type { Here } from './placed.js';
import { titleOf } from './plain.js';

/** Blocks that are named; of more it says how many. */
const SHOWN = 3;

/**
 * A box for each peer that some flow here starts or ends at, by name. A peer that is called like a tier is marked as a peer.
 * @example peerBoxes(here, 'dev', tiers)[0] // { kind: 'peer', id: 'peer users', name: 'users', part: 'caller' }
 */
export function peerBoxes(here: Here, environment: string, tiers: readonly TierBox[]): PeerBox[] {
  const taken = new Set(tiers.map(({ name }) => name));
  const callers = peerNames(here.flows.map(({ flow }) => flow.from));
  const targets = peerNames(here.flows.map(({ flow }) => flow.to));
  return [...new Set([...callers, ...targets])].sort(compareText).flatMap((name): PeerBox[] => {
    const peer = here.peers.get(name);
    if (peer === undefined) return [];
    const part = !targets.has(name) ? 'caller' : callers.has(name) ? 'both' : 'target';
    const detail = peerDetail(peer, environment);
    const shown = taken.has(name) ? `${name} (peer)` : name;
    return [{ kind: 'peer', id: `peer ${name}`, name: shown, ...titleOf(peer), ...(detail && { detail }), part }];
  });
}

function peerNames(ends: readonly Endpoint[]): ReadonlySet<string> {
  return new Set(ends.flatMap((end) => ('peer' in end ? [end.peer] : [])));
}

/** What a peer stands for where its name does not say so: its addresses here, or its kind. Nothing for pods. */
function peerDetail(peer: Peer, environment: string): string | undefined {
  switch (peer.kind) {
    case 'pods':
      return undefined;
    case 'cidr':
      return blocksInWords(peer.blocks.filter((block) => block.environments?.includes(environment) ?? true)).join(', ');
    case 'internet':
    case 'anywhere':
    case 'nodes':
    case 'apiserver':
      return peer.name === peer.kind ? undefined : peer.kind;
  }
}

/**
 * The first few blocks and how many more there are.
 * @example blocksInWords([{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }]) // ['10.0.0.0/8 except 10.1.0.0/16']
 */
export function blocksInWords(blocks: readonly CidrBlock[]): string[] {
  const texts = blocks.map(({ cidr, except = [] }) => {
    return except.length === 0 ? cidr : `${cidr} except ${firstFew(except).join(', ')}`;
  });
  return firstFew(texts.sort(compareText));
}

function firstFew(texts: readonly string[]): string[] {
  return texts.length > SHOWN ? [...texts.slice(0, SHOWN), `${texts.length - SHOWN} more`] : [...texts];
}
