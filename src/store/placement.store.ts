import type { CidrBlock } from '../domain/model/cidr.js';
import type { Placement, TierPlacement } from '../domain/model/entities.js';
import type { Labels } from '../domain/model/labels.js';
import { type Db, json } from './database.js';
import type { PlacementModel } from './generated/models.js';
import { compact } from './compact.js';
import { type Filter, type Key, type ModelStore, type Stored, type Window } from './model-store.js';
import { type PortRow, toNamedPort } from './port-row.js';

const withTiers = {
  tiers: { orderBy: { tierName: 'asc' }, include: { ports: { orderBy: { position: 'asc' } } } },
} as const;

/** Filter: `environment`. */
export class PlacementStore implements ModelStore<Placement> {
  readonly fromRow = toPlacement as (row: unknown) => Stored<Placement>;

  async get(db: Db, key: Key): Promise<Stored<Placement> | undefined> {
    const row = await db.placement.findUnique({
      where: { environmentName_applicationName: idOf(key) },
      include: withTiers,
      relationLoadStrategy: 'join',
    });
    return row ? toPlacement(row) : undefined;
  }

  async list(db: Db, filter: Filter, window: Window): Promise<Stored<Placement>[]> {
    const after = window.after === undefined ? {} : { applicationName: { gt: window.after } };
    const where = { environmentName: String(filter['environment']), ...after };
    return (
      await db.placement.findMany({
        where,
        include: withTiers,
        orderBy: { applicationName: 'asc' },
        take: window.take,
        relationLoadStrategy: 'join',
      })
    ).map(toPlacement);
  }

  /** Every placement in the given namespaces of the given environments. */
  async inNamespaces(
    db: Db,
    places: readonly { environment: string; namespace: string }[],
  ): Promise<Stored<Placement>[]> {
    if (places.length === 0) return [];
    return this.many(db, {
      OR: places.map((place) => ({ environmentName: place.environment, namespace: place.namespace })),
    });
  }

  async insert(db: Db, value: Placement, revision: bigint): Promise<void> {
    await db.placement.create({
      data: {
        environmentName: value.environment,
        applicationName: value.application,
        namespace: value.namespace,
        revision,
      },
    });
    await insertTiers(db, value);
  }

  async replace(db: Db, value: Placement, revision: bigint): Promise<void> {
    const id = { environmentName: value.environment, applicationName: value.application };
    await db.placement.update({
      where: { environmentName_applicationName: id },
      data: { namespace: value.namespace, revision },
    });
    await db.placementTier.deleteMany({ where: id });
    await insertTiers(db, value);
  }

  async remove(db: Db, key: Key): Promise<void> {
    await db.placement.delete({ where: { environmentName_applicationName: idOf(key) } });
  }

  /** Nothing refers to a placement: flows of an application that is not placed are a finding, not a fault. */
  async referrers(): Promise<string[]> {
    return [];
  }

  private async many(db: Db, where: object): Promise<Stored<Placement>[]> {
    const orderBy = [{ environmentName: 'asc' as const }, { applicationName: 'asc' as const }];
    return (await db.placement.findMany({ where, include: withTiers, orderBy, relationLoadStrategy: 'join' })).map(
      toPlacement,
    );
  }
}

function idOf(key: Key): { environmentName: string; applicationName: string } {
  return { environmentName: key['environment']!, applicationName: key['application']! };
}

async function insertTiers(db: Db, placement: Placement): Promise<void> {
  if (placement.tiers.length === 0) return;
  const id = { environmentName: placement.environment, applicationName: placement.application };
  await db.placementTier.createMany({
    data: placement.tiers.map((tier) => ({
      ...id,
      tierName: tier.tier,
      labels: json(tier.labels),
      outside: json(tier.outside),
    })),
  });
  const ports = placement.tiers.flatMap((tier) =>
    (tier.ports ?? []).map((port, position) => ({
      ...id,
      tierName: tier.tier,
      position,
      ...port,
      endPort: port.endPort ?? null,
    })),
  );
  if (ports.length > 0) await db.placementPort.createMany({ data: ports });
}

interface TierRow {
  tierName: string;
  labels: unknown;
  outside: unknown;
  ports: PortRow[];
}

function toPlacement(row: PlacementModel & { tiers: TierRow[] }): Stored<Placement> {
  const tiers = row.tiers.map(toTierPlacement);
  return {
    value: { environment: row.environmentName, application: row.applicationName, namespace: row.namespace, tiers },
    revision: Number(row.revision),
  };
}

function toTierPlacement(row: TierRow): TierPlacement {
  const ports = row.ports.length > 0 ? row.ports.map(toNamedPort) : null;
  return {
    tier: row.tierName,
    ...compact({ labels: row.labels as Labels | null, ports, outside: row.outside as CidrBlock[] | null }),
  };
}
