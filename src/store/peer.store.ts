import type { Peer, PeerBlock } from '../domain/model/entities.js';
import { type Db, json } from './database.js';
import type { PeerModel } from './generated/models.js';
import { compact } from './compact.js';
import {
  afterName,
  describedColumns,
  describedOf,
  type Filter,
  type Key,
  type ModelStore,
  REFERRERS_NAMED,
  type Stored,
  type Window,
} from './model-store.js';

const withBlocks = {
  blocks: { orderBy: { position: 'asc' }, include: { environments: { orderBy: { environmentName: 'asc' } } } },
} as const;

export class PeerStore implements ModelStore<Peer> {
  readonly fromRow = toPeer as (row: unknown) => Stored<Peer>;

  async get(db: Db, key: Key): Promise<Stored<Peer> | undefined> {
    const row = await db.peer.findUnique({
      where: { name: key['name']! },
      include: withBlocks,
      relationLoadStrategy: 'join',
    });
    return row ? toPeer(row) : undefined;
  }

  async list(db: Db, _filter: Filter, window: Window): Promise<Stored<Peer>[]> {
    const rows = await db.peer.findMany({
      where: afterName(window),
      include: withBlocks,
      orderBy: { name: 'asc' },
      take: window.take,
      relationLoadStrategy: 'join',
    });
    return rows.map(toPeer);
  }

  async byNames(db: Db, names: readonly string[]): Promise<Stored<Peer>[]> {
    return (
      await db.peer.findMany({ where: { name: { in: [...names] } }, include: withBlocks, relationLoadStrategy: 'join' })
    ).map(toPeer);
  }

  async insert(db: Db, value: Peer, revision: bigint): Promise<void> {
    await db.peer.create({ data: { name: value.name, ...columns(value), revision } });
    await insertBlocks(db, value);
  }

  async replace(db: Db, value: Peer, revision: bigint): Promise<void> {
    await db.peer.update({ where: { name: value.name }, data: { ...columns(value), revision } });
    await db.peerBlock.deleteMany({ where: { peerName: value.name } });
    await insertBlocks(db, value);
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.peer.delete({ where: { name: key['name']! } });
  }

  async referrers(db: Db, key: Key): Promise<string[]> {
    const where = { OR: [{ fromPeer: key['name']! }, { toPeer: key['name']! }] };
    const flows = await db.flow.findMany({
      where,
      select: { name: true },
      orderBy: { name: 'asc' },
      take: REFERRERS_NAMED,
    });
    return flows.map((flow) => `flow/${flow.name}`);
  }
}

function columns(peer: Peer) {
  return {
    kind: peer.kind,
    namespaceSelector: json(peer.kind === 'pods' ? peer.namespaceSelector : null),
    podSelector: json(peer.kind === 'pods' ? peer.podSelector : null),
    except: json(peer.kind === 'internet' ? peer.except : null),
    ...describedColumns(peer),
  };
}

async function insertBlocks(db: Db, peer: Peer): Promise<void> {
  if (peer.kind !== 'cidr') return;
  const at = (position: number) => ({ peerName: peer.name, position });
  await db.peerBlock.createMany({
    data: peer.blocks.map((block, i) => ({ ...at(i), cidr: block.cidr, except: json(block.except) })),
  });
  const environments = peer.blocks.flatMap((block, i) =>
    (block.environments ?? []).map((environmentName) => ({ ...at(i), environmentName })),
  );
  if (environments.length > 0) await db.peerBlockEnvironment.createMany({ data: environments });
}

interface BlockRow {
  cidr: string;
  except: unknown;
  environments: { environmentName: string }[];
}

function toPeer(row: PeerModel & { blocks: BlockRow[] }): Stored<Peer> {
  const own = compact({ namespaceSelector: row.namespaceSelector, podSelector: row.podSelector, except: row.except });
  const blocks = row.kind === 'cidr' ? { blocks: row.blocks.map(toBlock) } : {};
  return {
    value: { name: row.name, kind: row.kind, ...own, ...blocks, ...describedOf(row) } as Peer,
    revision: Number(row.revision),
  };
}

function toBlock(row: BlockRow): PeerBlock {
  const environments = row.environments.length > 0 ? row.environments.map((at) => at.environmentName) : null;
  return { cidr: row.cidr, ...compact({ except: row.except as string[] | null, environments }) };
}
