import { toOne } from '../../platform/graphql/relation.js';
import type { PeerStore } from '../../store/peer.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class PeerLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly peers: PeerStore,
  ) {}

  readonly byName = toOne(
    (names) => this.peers.byNames(this.units.reader, names),
    (peer) => peer.name,
  );
}
