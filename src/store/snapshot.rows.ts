import type { Endpoint, FlowPort, Peer, PeerBlock, Placement, Tier } from '../domain/model/entities.js';
import type { Snapshot } from '../domain/model/snapshot.js';
import { compact } from './compact.js';
import { ROW_LISTS } from './snapshot.sql.js';

type Row = Record<string, unknown>;
type Lists = Pick<Snapshot, (typeof ROW_LISTS)[number]>;

/** What was read of each row, by its list and text: it is read once, and the same thing in every snapshot that has the row. */
export type KnownRows = Readonly<Record<keyof Lists, ReadonlyMap<string, unknown>>>;

/** A snapshot, and what was read of its rows. */
export interface Assembled {
  readonly snapshot: Snapshot;
  readonly rows: KnownRows;
}

/**
 * Takes what the one big read gave, and gives the snapshot.
 * @example assembleSnapshot(text).environment.name // 'prod'
 */
export function assembleSnapshot(text: string): Snapshot {
  return assembleAfter(text).snapshot;
}

/** As assembleSnapshot, after an earlier one: rows that were in that are not read again. */
export function assembleAfter(text: string, earlier?: KnownRows): Assembled {
  const [head = '', ...sections] = text.split('\n\n');
  const { revision, environment } = JSON.parse(head) as { readonly revision: number; readonly environment: Row };
  const read = ROW_LISTS.map((list, index) => [list, readList(list, sections[index] ?? '', earlier?.[list])] as const);
  const lists = Object.fromEntries(read.map(([list, { items }]) => [list, items])) as unknown as Lists;
  return {
    snapshot: {
      ...{ revision: Number(revision), environment: entity(environment, { profile: environment['profile'] }) },
      ...lists,
    },
    rows: Object.fromEntries(read.map(([list, { rows }]) => [list, rows])) as unknown as KnownRows,
  };
}

function readList(
  list: keyof Lists,
  section: string,
  earlier?: ReadonlyMap<string, unknown>,
): { readonly items: readonly unknown[]; readonly rows: ReadonlyMap<string, unknown> } {
  const rows = new Map<string, unknown>();
  const lines = section === '' ? [] : section.split('\n');
  const items = lines.map((line) => {
    const item = earlier?.get(line) ?? READERS[list](JSON.parse(line) as Row);
    rows.set(line, item);
    return item;
  });
  return { items, rows };
}

const READERS: { readonly [List in keyof Lists]: (row: Row) => Lists[List][number] } = {
  teams: (row) => entity(row, {}),
  applications: (row) => entity(row, { team: row['team'] }),
  tiers: toTier,
  peers: toPeer,
  placements: toPlacement,
  flows: toFlow,
};

/** The name, the given fields, and what is for people; without the columns that are NULL. */
function entity<T>(row: Row, fields: Row): T {
  const { name, display_name: displayName, description, labels, links } = row;
  return compact({ name, ...fields, displayName, description, labels, links }) as T;
}

function toTier(row: Row): Tier {
  const { application, pod_selector: podSelector } = row;
  return entity(row, { application, podSelector, ports: rowsIn(row, 'ports').map(namedPort) });
}

function toPeer(row: Row): Peer {
  const { kind, namespace_selector: namespaceSelector, pod_selector: podSelector, except } = row;
  const blocks = kind === 'cidr' ? rowsIn(row, 'blocks').map(toBlock) : undefined;
  return entity(row, { kind, namespaceSelector, podSelector, except, blocks });
}

function toBlock({ cidr, except, environments }: Row): PeerBlock {
  return compact({ cidr, except, environments }) as unknown as PeerBlock;
}

function toPlacement(row: Row): Placement {
  const { environment, application, namespace } = row;
  const tiers = rowsIn(row, 'tiers').map((tier) => {
    const ports = tier['ports'] === undefined ? undefined : rowsIn(tier, 'ports').map(namedPort);
    return compact({ tier: tier['tier'], labels: tier['labels'], ports, outside: tier['outside'] });
  });
  return { environment, application, namespace, tiers } as unknown as Placement;
}

function toFlow(row: Row): Snapshot['flows'][number] {
  return entity(row, {
    from: endpoint(row['from_application'], row['from_tier'], row['from_peer']),
    to: endpoint(row['to_application'], row['to_tier'], row['to_peer']),
    ports: rowsIn(row, 'ports').map(flowPort),
    environments: row['everywhere'] === true ? undefined : row['environments'],
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

function namedPort(row: Row): Tier['ports'][number] {
  const { name, protocol, port, end_port: endPort } = row;
  return compact({ name, protocol, port, endPort }) as unknown as Tier['ports'][number];
}

/** The rows that belong to a row: none, where there is no such column. */
function rowsIn(row: Row, column: string): readonly Row[] {
  return (row[column] ?? []) as readonly Row[];
}
