import type { Application } from '../domain/model/entities.js';
import type { Db } from './database.js';
import type { ApplicationModel } from './generated/models.js';
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

/** Filter: `team`. */
export class ApplicationStore implements ModelStore<Application> {
  readonly fromRow = toApplication as (row: unknown) => Stored<Application>;

  async get(db: Db, key: Key): Promise<Stored<Application> | undefined> {
    const row = await db.application.findUnique({ where: { name: key['name']! } });
    return row ? toApplication(row) : undefined;
  }

  async list(db: Db, filter: Filter, window: Window): Promise<Stored<Application>[]> {
    const where = {
      ...afterName(window),
      ...(filter['team'] === undefined ? {} : { teamName: String(filter['team']) }),
    };
    return (await db.application.findMany({ where, orderBy: { name: 'asc' }, take: window.take })).map(toApplication);
  }

  async insert(db: Db, value: Application, revision: bigint): Promise<void> {
    await db.application.create({
      data: { name: value.name, teamName: value.team, ...describedColumns(value), revision },
    });
  }

  async replace(db: Db, value: Application, revision: bigint): Promise<void> {
    await db.application.update({
      where: { name: value.name },
      data: { teamName: value.team, ...describedColumns(value), revision },
    });
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.application.delete({ where: { name: key['name']! } });
  }

  async referrers(db: Db, key: Key): Promise<string[]> {
    const name = key['name']!;
    const tiers = await db.tier.findMany({
      where: { applicationName: name },
      select: { name: true },
      orderBy: { name: 'asc' },
      take: REFERRERS_NAMED,
    });
    const placements = await db.placement.findMany({
      where: { applicationName: name },
      select: { environmentName: true },
      take: REFERRERS_NAMED,
    });
    return [
      ...tiers.map((tier) => `tier/${name}/${tier.name}`),
      ...placements.map((at) => `placement/${at.environmentName}/${name}`),
    ];
  }
}

function toApplication(row: ApplicationModel): Stored<Application> {
  return { value: { name: row.name, team: row.teamName, ...describedOf(row) }, revision: Number(row.revision) };
}
