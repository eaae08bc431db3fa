import type { Endpoint, FlowPort, Peer, PeerBlock, Placement } from '../domain/model/entities.js';
import type { Snapshot } from '../domain/model/snapshot.js';
import type { Db } from './database.js';
import { compact } from './model-store.js';

/**
 * The one big read: all that one environment says, in a single statement and so at a single revision, whatever is written meanwhile.
 * On plain SQL because a statement with a dozen aggregates is not what an object mapper is for.
 */
export class SnapshotStore {
  /** Gives nothing where the environment does not exist. Inside a transaction it sees that transaction's writes. */
  async load(db: Db, environment: string): Promise<Snapshot | undefined> {
    const rows = await db.$queryRaw<{ snapshot: RawSnapshot | null }[]>`SELECT ${environment}::text AS name, (
      SELECT json_build_object(
        'revision', (SELECT revision FROM model_state),
        'environment', row_to_json(e),
        'teams', (SELECT coalesce(json_agg(t ORDER BY name), '[]') FROM team t),
        'applications', (SELECT coalesce(json_agg(a ORDER BY name), '[]') FROM application a),
        'tiers', (SELECT coalesce(json_agg(t ORDER BY application, name), '[]') FROM tier t),
        'tierPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM tier_port p),
        'peers', (SELECT coalesce(json_agg(p ORDER BY name), '[]') FROM peer p),
        'peerBlocks', (SELECT coalesce(json_agg(json_build_object('peer', b.peer, 'cidr', b.cidr, 'except', b."except", 'environments',
            (SELECT json_agg(be.environment ORDER BY be.environment) FROM peer_block_environment be WHERE be.peer = b.peer AND be.position = b.position)
          ) ORDER BY b.peer, b.position), '[]') FROM peer_block b),
        'placements', (SELECT coalesce(json_agg(p ORDER BY application), '[]') FROM placement p WHERE p.environment = e.name),
        'placementTiers', (SELECT coalesce(json_agg(p ORDER BY application, tier), '[]') FROM placement_tier p WHERE p.environment = e.name),
        'placementPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM placement_port p WHERE p.environment = e.name),
        'flows', (SELECT coalesce(json_agg(f ORDER BY name), '[]') FROM flow f WHERE f.everywhere OR EXISTS (
            SELECT FROM flow_environment fe WHERE fe.flow = f.name AND fe.environment = e.name)),
        'flowPorts', (SELECT coalesce(json_agg(p ORDER BY flow, position), '[]') FROM flow_port p),
        'flowEnvironments', (SELECT coalesce(json_agg(fe ORDER BY flow, environment), '[]') FROM flow_environment fe)
      ) FROM environment e WHERE e.name = ${environment}) AS snapshot`;
    const raw = rows[0]?.snapshot;
    return raw ? assemble(raw) : undefined;
  }

  /** The revision that a snapshot would have now: while it stands, a snapshot that was loaded is still right. */
  async revision(db: Db): Promise<number> {
    const rows = await db.$queryRaw<{ revision: bigint }[]>`SELECT revision FROM model_state`;
    return Number(rows[0]?.revision ?? 0);
  }
}

type Row = Record<string, unknown>;
type RawSnapshot = { readonly revision: number; readonly environment: Row } & Record<Lists, readonly Row[]>;
type Lists =
  | 'teams'
  | 'applications'
  | 'tiers'
  | 'tierPorts'
  | 'peers'
  | 'peerBlocks'
  | 'placements'
  | 'placementTiers'
  | 'placementPorts'
  | 'flows'
  | 'flowPorts'
  | 'flowEnvironments';

function assemble(raw: RawSnapshot): Snapshot {
  const tierPorts = group(raw.tierPorts, (row) => `${row['application']}/${row['tier']}`);
  const blocks = group(raw.peerBlocks, (row) => String(row['peer']));
  const flowPorts = group(raw.flowPorts, (row) => String(row['flow']));
  const flowEnvironments = group(raw.flowEnvironments, (row) => String(row['flow']));
  return {
    revision: Number(raw.revision),
    environment: entity(raw.environment, { profile: raw.environment['profile'] }),
    teams: raw.teams.map((row) => entity(row, {})),
    applications: raw.applications.map((row) => entity(row, { team: row['team'] })),
    tiers: raw.tiers.map((row) =>
      entity(row, {
        application: row['application'],
        podSelector: row['pod_selector'],
        ports: (tierPorts.get(`${row['application']}/${row['name']}`) ?? []).map(namedPort),
      }),
    ),
    peers: raw.peers.map((row) => toPeer(row, blocks.get(String(row['name'])) ?? [])),
    placements: placementsOf(raw),
    flows: raw.flows.map((row) =>
      toFlow(row, flowPorts.get(String(row['name'])) ?? [], flowEnvironments.get(String(row['name'])) ?? []),
    ),
  };
}

/** The name, the given fields, and what is for people; without the columns that are NULL. */
function entity<T>(row: Row, fields: Row): T {
  const { name, display_name: displayName, description, labels, links } = row;
  return compact({ name, ...fields, displayName, description, labels, links }) as T;
}

function toPeer(row: Row, blocks: readonly Row[]): Peer {
  const own = {
    kind: row['kind'],
    namespaceSelector: row['namespace_selector'],
    podSelector: row['pod_selector'],
    except: row['except'],
  };
  const addresses =
    row['kind'] === 'cidr'
      ? blocks.map(({ cidr, except, environments }) => compact({ cidr, except, environments }) as unknown as PeerBlock)
      : null;
  return entity(row, { ...own, blocks: addresses });
}

function placementsOf(raw: RawSnapshot): Placement[] {
  const ports = group(raw.placementPorts, (row) => `${row['application']}/${row['tier']}`);
  const tiers = group(raw.placementTiers, (row) => String(row['application']));
  const tierOf = (row: Row) => {
    const own = ports.get(`${row['application']}/${row['tier']}`)?.map(namedPort);
    return compact({ tier: row['tier'], labels: row['labels'], ports: own, outside: row['outside'] });
  };
  return raw.placements.map(({ environment, application, namespace }) => {
    return {
      environment,
      application,
      namespace,
      tiers: (tiers.get(String(application)) ?? []).map(tierOf),
    } as unknown as Placement;
  });
}

function toFlow<T>(row: Row, ports: readonly Row[], environments: readonly Row[]): T {
  return entity(row, {
    from: endpoint(row['from_application'], row['from_tier'], row['from_peer']),
    to: endpoint(row['to_application'], row['to_tier'], row['to_peer']),
    ports: ports.map(flowPort),
    environments: row['everywhere'] === true ? null : environments.map((at) => at['environment']),
    reason: row['reason'],
  });
}

function endpoint(application: unknown, tier: unknown, peer: unknown): Endpoint {
  return typeof peer === 'string' ? { peer } : { tier: `${application}/${tier}` };
}

function flowPort(row: Row): FlowPort {
  if (typeof row['port_name'] === 'string') return row['port_name'];
  return compact({ protocol: row['protocol'], port: row['port'], endPort: row['end_port'] }) as unknown as FlowPort;
}

function namedPort(row: Row): object {
  return compact({ name: row['name'], protocol: row['protocol'], port: row['port'], endPort: row['end_port'] });
}

function group(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = groups.get(key);
    if (list) list.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
