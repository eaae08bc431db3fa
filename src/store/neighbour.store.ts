import { type Placement, type Tier, tierRef } from '../domain/model/entities.js';
import { placeAs } from '../domain/model/placed-tier.js';
import type { LabelSelector } from '../domain/model/selector.js';
import type { Db } from './database.js';

/** A tier of pods where it is placed, for the rule that no tier of a namespace selects the pods of another. */
export interface Neighbour {
  readonly ref: string;
  readonly environment: string;
  readonly namespace: string;
  readonly podSelector: LabelSelector;
}

interface Row {
  environment: string;
  namespace: string;
  application: string;
  tier: string;
  podSelector: LabelSelector;
  labels: Record<string, string> | null;
}

/** Who shares a namespace with whom. */
export class NeighbourStore {
  /** All tiers of pods in the namespaces where the tier's application is placed; the tier itself as given, stored or not. */
  async ofTier(db: Db, tier: Pick<Tier, 'application' | 'name' | 'podSelector' | 'ports'>): Promise<Neighbour[]> {
    const rows = await db.$queryRaw<Row[]>`
      SELECT p.environment, p.namespace, t.application, t.name AS tier, t.pod_selector AS "podSelector", pt.labels
      FROM placement mine
      JOIN placement p ON p.environment = mine.environment AND p.namespace = mine.namespace
      JOIN tier t ON t.application = p.application
      LEFT JOIN placement_tier pt ON pt.environment = p.environment AND pt.application = t.application AND pt.tier = t.name
      WHERE mine.application = ${tier.application} AND pt.outside IS NULL AND NOT (t.application = ${tier.application} AND t.name = ${tier.name})
      UNION ALL
      SELECT mine.environment, mine.namespace, ${tier.application}, ${tier.name}, ${JSON.stringify(tier.podSelector)}::jsonb, pt.labels
      FROM placement mine
      LEFT JOIN placement_tier pt ON pt.environment = mine.environment AND pt.application = mine.application AND pt.tier = ${tier.name}
      WHERE mine.application = ${tier.application} AND pt.outside IS NULL`;
    return rows.map(toNeighbour);
  }

  /** All tiers of pods in the placement's namespace: those of other applications as stored, its own as the placement would have them. */
  async ofPlacement(db: Db, placement: Placement): Promise<Neighbour[]> {
    const rows = await db.$queryRaw<Row[]>`
      SELECT p.environment, p.namespace, t.application, t.name AS tier, t.pod_selector AS "podSelector", pt.labels
      FROM placement p
      JOIN tier t ON t.application = p.application
      LEFT JOIN placement_tier pt ON pt.environment = p.environment AND pt.application = t.application AND pt.tier = t.name
      WHERE p.environment = ${placement.environment} AND p.namespace = ${placement.namespace}
        AND p.application <> ${placement.application} AND pt.outside IS NULL
      UNION ALL
      SELECT ${placement.environment}, ${placement.namespace}, t.application, t.name, t.pod_selector, NULL
      FROM tier t WHERE t.application = ${placement.application}`;
    const own = new Map(placement.tiers.map((tier) => [`${placement.application}/${tier.tier}`, tier]));
    return rows.map(toNeighbour).flatMap((row) => {
      const override = own.get(row.ref);
      if (override?.outside !== undefined) return [];
      return [{ ...row, podSelector: placeAs({ ...row, ports: [] }, override).podSelector }];
    });
  }
}

function toNeighbour(row: Row): Neighbour {
  const { environment, namespace, application, tier, podSelector, labels } = row;
  const override = labels === null ? undefined : { tier, labels };
  const placed = placeAs({ podSelector, ports: [] }, override);
  return { ref: tierRef({ application, name: tier }), environment, namespace, podSelector: placed.podSelector };
}
