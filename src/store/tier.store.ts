import { type Tier, tierRef } from '../domain/model/entities.js';
import type { NamedPort } from '../domain/model/ports.js';
import type { LabelSelector } from '../domain/model/selector.js';
import { type Db, json } from './database.js';
import type { TierModel } from './generated/models.js';
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
import { type PortRow, toNamedPort } from './port-row.js';

const withPorts = { ports: { orderBy: { position: 'asc' } } } as const;

/** Filter: `application`. */
export class TierStore implements ModelStore<Tier> {
  readonly fromRow = toTier as (row: unknown) => Stored<Tier>;

  async get(db: Db, key: Key): Promise<Stored<Tier> | undefined> {
    const row = await db.tier.findUnique({
      where: { applicationName_name: idOf(key) },
      include: withPorts,
      relationLoadStrategy: 'join',
    });
    return row ? toTier(row) : undefined;
  }

  async list(db: Db, filter: Filter, window: Window): Promise<Stored<Tier>[]> {
    const where = { ...afterName(window), applicationName: String(filter['application']) };
    const rows = await db.tier.findMany({
      where,
      include: withPorts,
      orderBy: { name: 'asc' },
      take: window.take,
      relationLoadStrategy: 'join',
    });
    return rows.map(toTier);
  }

  async byApplications(db: Db, applications: readonly string[]): Promise<Stored<Tier>[]> {
    const where = { applicationName: { in: [...applications] } };
    const rows = await db.tier.findMany({
      where,
      include: withPorts,
      orderBy: [{ applicationName: 'asc' }, { name: 'asc' }],
      relationLoadStrategy: 'join',
    });
    return rows.map(toTier);
  }

  /** By `application/tier`. */
  async byRefs(db: Db, refs: readonly string[]): Promise<Stored<Tier>[]> {
    const OR = refs.map((ref) => ({
      applicationName: ref.slice(0, ref.indexOf('/')),
      name: ref.slice(ref.indexOf('/') + 1),
    }));
    return (await db.tier.findMany({ where: { OR }, include: withPorts, relationLoadStrategy: 'join' })).map(toTier);
  }

  async insert(db: Db, value: Tier, revision: bigint): Promise<void> {
    const id = { applicationName: value.application, name: value.name };
    await db.tier.create({
      data: { ...id, podSelector: json(value.podSelector) as never, ...describedColumns(value), revision },
    });
    if (value.ports.length > 0)
      await db.tierPort.createMany({
        data: value.ports.map((port, at) => ({ ...portColumns(value, port), position: at })),
      });
  }

  /** Ports that stay keep their row: flows and placements refer to it. */
  async replace(db: Db, value: Tier, revision: bigint): Promise<void> {
    const id = { applicationName: value.application, name: value.name };
    const tier = { applicationName: value.application, tierName: value.name };
    await db.tier.update({
      where: { applicationName_name: id },
      data: { podSelector: json(value.podSelector) as never, ...describedColumns(value), revision },
    });
    await db.tierPort.deleteMany({ where: { ...tier, name: { notIn: value.ports.map((port) => port.name) } } });
    for (const [position, port] of value.ports.entries()) {
      const columns = { ...portColumns(value, port), position };
      await db.tierPort.upsert({
        where: { applicationName_tierName_name: { ...tier, name: port.name } },
        create: columns,
        update: columns,
      });
    }
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.tier.delete({ where: { applicationName_name: idOf(key) } });
  }

  async referrers(db: Db, key: Key): Promise<string[]> {
    const { applicationName, name } = idOf(key);
    const ends = [
      { fromApplication: applicationName, fromTier: name },
      { toApplication: applicationName, toTier: name },
    ];
    const flows = await db.flow.findMany({
      where: { OR: ends },
      select: { name: true },
      orderBy: { name: 'asc' },
      take: REFERRERS_NAMED,
    });
    const placements = await db.placementTier.findMany({
      where: { applicationName, tierName: name },
      select: { environmentName: true },
      take: REFERRERS_NAMED,
    });
    return [
      ...flows.map((flow) => `flow/${flow.name}`),
      ...placements.map((at) => `placement/${at.environmentName}/${applicationName}`),
    ];
  }

  /** What uses one of the tier's ports by name: `[port, referrer]`. */
  async portReferrers(db: Db, key: Key, ports: readonly string[]): Promise<[port: string, referrer: string][]> {
    const { applicationName, name } = idOf(key);
    const flows = await db.flowPort.findMany({
      where: { toApplication: applicationName, toTier: name, portName: { in: [...ports] } },
      select: { flowName: true, portName: true },
      orderBy: { flowName: 'asc' },
      take: REFERRERS_NAMED,
    });
    const placements = await db.placementPort.findMany({
      where: { applicationName, tierName: name, name: { in: [...ports] } },
      select: { environmentName: true, name: true },
      take: REFERRERS_NAMED,
    });
    return [
      ...flows.map((row): [string, string] => [row.portName!, `flow/${row.flowName}`]),
      ...placements.map((row): [string, string] => [row.name, `placement/${row.environmentName}/${applicationName}`]),
    ];
  }
}

function idOf(key: Key): { applicationName: string; name: string } {
  return { applicationName: key['application']!, name: key['name']! };
}

function portColumns(tier: Tier, port: NamedPort) {
  return {
    applicationName: tier.application,
    tierName: tier.name,
    name: port.name,
    protocol: port.protocol,
    port: port.port,
    endPort: port.endPort ?? null,
  };
}

function toTier(row: TierModel & { ports: PortRow[] }): Stored<Tier> {
  const value = {
    application: row.applicationName,
    name: row.name,
    podSelector: row.podSelector as LabelSelector,
    ports: row.ports.map(toNamedPort),
    ...describedOf(row),
  };
  return { value, revision: Number(row.revision) };
}

/** The dataloader key of a stored tier. */
export function refOf(tier: Stored<Tier>): string {
  return tierRef(tier.value);
}
