import type { Endpoint, Flow, FlowPort } from '../domain/model/entities.js';
import type { PortRange, Protocol } from '../domain/model/ports.js';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import type { FlowModel, FlowPortModel } from './generated/models.js';
import { compact } from './compact.js';
import {
  afterName,
  describedColumns,
  describedOf,
  type Filter,
  type Key,
  type ModelStore,
  type Stored,
  type Window,
} from './model-store.js';

const withParts = {
  ports: { orderBy: { position: 'asc' } },
  environments: { orderBy: { environmentName: 'asc' } },
} as const;
const FLOWS = { include: withParts, orderBy: { name: 'asc' }, relationLoadStrategy: 'join' } as const;

/** Filter: `environment`, `application` (either end), `from`, `to` (a tier or a peer), `port` (a name or a number). */
export class FlowStore implements ModelStore<Flow> {
  readonly fromRow = toFlow as (row: unknown) => Stored<Flow>;

  async get(db: Db, key: Key): Promise<Stored<Flow> | undefined> {
    const row = await db.flow.findUnique({
      where: { name: key['name']! },
      include: withParts,
      relationLoadStrategy: 'join',
    });
    return row ? toFlow(row) : undefined;
  }

  async list(db: Db, filter: Filter, window: Window): Promise<Stored<Flow>[]> {
    const where = { AND: [afterName(window), ...conditions(filter)] };
    return (await db.flow.findMany({ ...FLOWS, where, take: window.take })).map(toFlow);
  }

  /** Flows with the same two ends: where a duplicate would be. */
  async between(db: Db, from: Endpoint, to: Endpoint): Promise<Stored<Flow>[]> {
    return this.many(db, { ...endColumns('from', from), ...endColumns('to', to) });
  }

  async insert(db: Db, value: Flow, revision: bigint): Promise<void> {
    await db.flow.create({ data: { name: value.name, ...columns(value), revision } });
    await insertParts(db, value);
  }

  async replace(db: Db, value: Flow, revision: bigint): Promise<void> {
    await db.flowPort.deleteMany({ where: { flowName: value.name } });
    await db.flowEnvironment.deleteMany({ where: { flowName: value.name } });
    await db.flow.update({ where: { name: value.name }, data: { ...columns(value), revision } });
    await insertParts(db, value);
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.flow.delete({ where: { name: key['name']! } });
  }

  async referrers(): Promise<string[]> {
    return [];
  }

  private async many(db: Db, where: Prisma.FlowWhereInput): Promise<Stored<Flow>[]> {
    return (await db.flow.findMany({ ...FLOWS, where })).map(toFlow);
  }
}

function conditions(filter: Filter): Prisma.FlowWhereInput[] {
  const { environment, application, from, to, port } = filter;
  const all: Prisma.FlowWhereInput[] = [];
  if (environment !== undefined)
    all.push({ OR: [{ everywhere: true }, { environments: { some: { environmentName: String(environment) } } }] });
  if (application !== undefined)
    all.push({ OR: [{ fromApplication: String(application) }, { toApplication: String(application) }] });
  if (from !== undefined) all.push(endWhere('from', String(from)));
  if (to !== undefined) all.push(endWhere('to', String(to)));
  if (port !== undefined) all.push({ ports: { some: portWhere(String(port)) } });
  return all;
}

/** A reference with a slash is a tier, one without a peer. */
function endWhere(end: 'from' | 'to', reference: string): Prisma.FlowWhereInput {
  return endColumns(end, reference.includes('/') ? { tier: reference } : { peer: reference });
}

/** Flows by a port: its name, or a number that its range (or the named port's) holds. */
function portWhere(port: string): Prisma.FlowPortWhereInput {
  if (!/^[0-9]{1,5}$/.test(port)) return { portName: port };
  const number = Number(port);
  const holds = { OR: [{ port: number }, { port: { lte: number }, endPort: { gte: number } }] };
  return { OR: [holds, { tierPort: holds }] };
}

function endColumns(end: 'from' | 'to', endpoint: Endpoint): Prisma.FlowWhereInput {
  return end === 'from' ? sourceColumns(endpoint) : targetColumns(endpoint);
}

function sourceColumns(endpoint: Endpoint) {
  const { application, tier, peer } = partsOf(endpoint);
  return { fromApplication: application, fromTier: tier, fromPeer: peer };
}

function targetColumns(endpoint: Endpoint) {
  const { application, tier, peer } = partsOf(endpoint);
  return { toApplication: application, toTier: tier, toPeer: peer };
}

function partsOf(endpoint: Endpoint): { application: string | null; tier: string | null; peer: string | null } {
  if ('peer' in endpoint) return { application: null, tier: null, peer: endpoint.peer };
  const slash = endpoint.tier.indexOf('/');
  return { application: endpoint.tier.slice(0, slash), tier: endpoint.tier.slice(slash + 1), peer: null };
}

function columns(flow: Flow) {
  return {
    ...sourceColumns(flow.from),
    ...targetColumns(flow.to),
    everywhere: flow.environments === undefined,
    reason: flow.reason ?? null,
    ...describedColumns(flow),
  };
}

async function insertParts(db: Db, flow: Flow): Promise<void> {
  await db.flowPort.createMany({
    data: flow.ports.map((port, position) => ({ flowName: flow.name, position, ...portColumns(flow.to, port) })),
  });
  const environments = (flow.environments ?? []).map((environmentName) => ({ flowName: flow.name, environmentName }));
  if (environments.length > 0) await db.flowEnvironment.createMany({ data: environments });
}

function portColumns(to: Endpoint, port: FlowPort) {
  if (typeof port !== 'string') return { protocol: port.protocol, port: port.port, endPort: port.endPort ?? null };
  const { application, tier } = partsOf(to);
  return { portName: port, toApplication: application, toTier: tier };
}

function toFlow(
  row: FlowModel & { ports: FlowPortModel[]; environments: { environmentName: string }[] },
): Stored<Flow> {
  const environments = row.everywhere ? null : row.environments.map((at) => at.environmentName);
  const value = {
    name: row.name,
    from: toEndpoint(row.fromApplication, row.fromTier, row.fromPeer),
    to: toEndpoint(row.toApplication, row.toTier, row.toPeer),
    ports: row.ports.map(toPort),
    ...compact({ environments, reason: row.reason }),
    ...describedOf(row),
  };
  return { value, revision: Number(row.revision) };
}

function toEndpoint(application: string | null, tier: string | null, peer: string | null): Endpoint {
  return peer === null ? { tier: `${application}/${tier}` } : { peer };
}

function toPort(row: FlowPortModel): FlowPort {
  if (row.portName !== null) return row.portName;
  const range: PortRange = { protocol: row.protocol as Protocol, port: row.port! };
  return row.endPort === null ? range : { ...range, endPort: row.endPort };
}
