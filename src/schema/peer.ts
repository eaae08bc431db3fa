import { z } from 'zod';
import { PEER_KINDS, type PeerKind } from '../domain/model/entities.js';
import { alwaysOfObjects } from './parse.js';
import { blockFields, cidrText, described, exceptsInside, name, names, selector } from './parts.js';

const peerBlock = z
  .strictObject({ ...blockFields, environments: names.min(1).optional() })
  .superRefine(exceptsInside, alwaysOfObjects)
  .meta({ id: 'PeerBlock', description: 'A block of a cidr peer: in all environments, or in those it names' });

/** Which fields a kind may have besides its name; `blocks` is required for cidr. */
const FIELDS: Record<PeerKind, readonly string[]> = {
  pods: ['namespaceSelector', 'podSelector'],
  cidr: ['blocks'],
  internet: ['except'],
  anywhere: [],
  nodes: [],
  apiserver: [],
};

export const peerSchema = z
  .strictObject({
    name,
    kind: z.enum(PEER_KINDS),
    namespaceSelector: selector.optional(),
    podSelector: selector.optional(),
    blocks: z.array(peerBlock).min(1).max(256).optional(),
    except: z.array(cidrText).max(256).optional(),
    ...described,
  })
  .superRefine((peer, ctx) => {
    if (!PEER_KINDS.includes(peer.kind)) return;
    for (const field of ['namespaceSelector', 'podSelector', 'blocks', 'except'] as const) {
      if (peer[field] === undefined || FIELDS[peer.kind].includes(field)) continue;
      const message = `"${field}" does not belong to a peer of kind ${peer.kind} (it takes: ${FIELDS[peer.kind].join(', ') || 'nothing more'})`;
      ctx.addIssue({ code: 'custom', path: [field], message, params: { code: 'peer-field' } });
    }
    if (peer.kind === 'cidr' && peer.blocks === undefined) {
      ctx.addIssue({
        code: 'custom',
        path: ['blocks'],
        message: 'a peer of kind cidr needs blocks',
        params: { code: 'required' },
      });
    }
  }, alwaysOfObjects)
  .meta({ id: 'Peer', description: 'Anything a flow can touch that is not a tier' });
