import { compareText, type Problem } from '../../domain/errors.js';
import type { Peer, PeerBlock } from '../../domain/model/entities.js';
import { missingNames } from '../../domain/validate/references.js';
import type { ReadableLists } from '../../domain/validate/readable-lists.js';
import { ResourceService } from '../../platform/resource/resource.service.js';
import { peerSchema } from '../../schema/peer.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { PeerStore } from '../../store/peer.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class PeerService extends ResourceService<Peer> {
  constructor(
    units: UnitOfWork,
    peers: PeerStore,
    private readonly environments: EnvironmentStore,
  ) {
    super({ kind: 'peer', schema: peerSchema, keyFields: ['name'] }, peers, units);
  }

  protected override asStored(peer: Peer): Peer {
    if (peer.kind !== 'cidr') return peer;
    const sorted = ({ environments, ...block }: PeerBlock): PeerBlock =>
      environments === undefined ? block : { ...block, environments: [...environments].sort(compareText) };
    return { ...peer, blocks: peer.blocks.map(sorted) };
  }

  /** The environments that blocks name exist. */
  protected async rules(
    db: Db,
    parts: Partial<Peer>,
    _standing: Peer | undefined,
    lists: ReadableLists<Peer>,
  ): Promise<Problem[]> {
    const blocks = 'blocks' in lists ? (lists.blocks ?? []) : [];
    const named = new Set(blocks.flatMap((block) => block?.environments ?? []));
    if (named.size === 0) return [];
    const known = new Set(
      (await this.environments.byNames(db, [...named])).map((environment) => environment.value.name),
    );
    return blocks.flatMap((block, index) =>
      missingNames(
        `#/blocks/${index}/environments`,
        'environment',
        block?.environments ?? [],
        known,
        `peer "${parts.name}"`,
      ),
    );
  }
}
