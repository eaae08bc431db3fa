import type { Environment, Profile } from '../domain/model/entities.js';
import { type Db, json } from './database.js';
import type { EnvironmentModel } from './generated/models.js';
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

export class EnvironmentStore implements ModelStore<Environment> {
  readonly fromRow = toEnvironment as (row: unknown) => Stored<Environment>;

  async get(db: Db, key: Key): Promise<Stored<Environment> | undefined> {
    const row = await db.environment.findUnique({ where: { name: key['name']! } });
    return row ? toEnvironment(row) : undefined;
  }

  async list(db: Db, _filter: Filter, window: Window): Promise<Stored<Environment>[]> {
    return (
      await db.environment.findMany({ where: afterName(window), orderBy: { name: 'asc' }, take: window.take })
    ).map(toEnvironment);
  }

  async byNames(db: Db, names: readonly string[]): Promise<Stored<Environment>[]> {
    return (await db.environment.findMany({ where: { name: { in: [...names] } } })).map(toEnvironment);
  }

  async insert(db: Db, value: Environment, revision: bigint): Promise<void> {
    await db.environment.create({
      data: { name: value.name, profile: json(value.profile) as never, ...describedColumns(value), revision },
    });
  }

  async replace(db: Db, value: Environment, revision: bigint): Promise<void> {
    await db.environment.update({
      where: { name: value.name },
      data: { profile: json(value.profile) as never, ...describedColumns(value), revision },
    });
  }

  /** Tokens that were bound to it and revoked stay on record, without the environment. */
  async remove(db: Db, key: Key): Promise<void> {
    const revoked = { environmentName: key['name']!, revokedAt: { not: null } };
    await db.token.updateMany({ where: revoked, data: { environmentName: null } });
    await db.environment.delete({ where: { name: key['name']! } });
  }

  async referrers(db: Db, key: Key): Promise<string[]> {
    const where = { environmentName: key['name']! };
    const take = REFERRERS_NAMED;
    const placements = await db.placement.findMany({
      where,
      select: { applicationName: true },
      orderBy: { applicationName: 'asc' },
      take,
    });
    const flows = await db.flowEnvironment.findMany({
      where,
      select: { flowName: true },
      orderBy: { flowName: 'asc' },
      take,
    });
    const peers = await db.peerBlockEnvironment.findMany({
      where,
      select: { peerName: true },
      distinct: ['peerName'],
      take,
    });
    const webhooks = await db.webhookEnvironment.findMany({
      where,
      select: { webhookName: true },
      orderBy: { webhookName: 'asc' },
      take,
    });
    const bundles = await db.bundle.findMany({ where, select: { version: true }, orderBy: { version: 'asc' }, take });
    const tokens = await db.token.findMany({ where: { ...where, revokedAt: null }, select: { id: true }, take });
    return [
      ...placements.map((row) => `placement/${where.environmentName}/${row.applicationName}`),
      ...flows.map((row) => `flow/${row.flowName}`),
      ...peers.map((row) => `peer/${row.peerName}`),
      ...webhooks.map((row) => `webhook/${row.webhookName}`),
      ...bundles.map((row) => `bundle/${where.environmentName}/${row.version}`),
      ...tokens.map((row) => `token/${row.id}`),
    ];
  }
}

function toEnvironment(row: EnvironmentModel): Stored<Environment> {
  return {
    value: { name: row.name, profile: row.profile as unknown as Profile, ...describedOf(row) },
    revision: Number(row.revision),
  };
}
