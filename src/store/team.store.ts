import type { Team } from '../domain/model/entities.js';
import type { Db } from './database.js';
import type { TeamModel } from './generated/models.js';
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

export class TeamStore implements ModelStore<Team> {
  readonly fromRow = toTeam as (row: unknown) => Stored<Team>;

  async get(db: Db, key: Key): Promise<Stored<Team> | undefined> {
    const row = await db.team.findUnique({ where: { name: key['name']! } });
    return row ? toTeam(row) : undefined;
  }

  async list(db: Db, _filter: Filter, window: Window): Promise<Stored<Team>[]> {
    const rows = await db.team.findMany({ where: afterName(window), orderBy: { name: 'asc' }, take: window.take });
    return rows.map(toTeam);
  }

  async insert(db: Db, value: Team, revision: bigint): Promise<void> {
    await db.team.create({ data: { name: value.name, ...describedColumns(value), revision } });
  }

  async replace(db: Db, value: Team, revision: bigint): Promise<void> {
    await db.team.update({ where: { name: value.name }, data: { ...describedColumns(value), revision } });
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.team.delete({ where: { name: key['name']! } });
  }

  async referrers(db: Db, key: Key): Promise<string[]> {
    const rows = await db.application.findMany({
      where: { teamName: key['name']! },
      select: { name: true },
      orderBy: { name: 'asc' },
      take: REFERRERS_NAMED,
    });
    return rows.map((row) => `application/${row.name}`);
  }
}

function toTeam(row: TeamModel): Stored<Team> {
  return { value: { name: row.name, ...describedOf(row) }, revision: Number(row.revision) };
}
