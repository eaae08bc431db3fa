import type { Database } from './database.js';
import { SELECT } from './lookups.js';

/** Tiers by references `application/tier`, whatever the columns are called. */
const inRefs = (application: string, tier: string) =>
  `(${application}, ${tier}) IN (SELECT split_part(ref, '/', 1), split_part(ref, '/', 2) FROM unnest($1::text[]) AS ref)`;

/**
 * The ways from one object to others, for many objects at once: $1 are the keys, and any number of them is one statement, prepared.
 * Rows have the shape that lookups give; those of an end of a flow say which of two kinds they are.
 */
const TEXTS = {
  'team by name': `${SELECT.team} WHERE t.name = ANY($1::text[])`,
  'application by name': `${SELECT.application} WHERE t.name = ANY($1::text[])`,
  'application of team': `${SELECT.application} WHERE t.team = ANY($1::text[]) ORDER BY t.name`,
  'tier by reference': `${SELECT.tier} WHERE ${inRefs('t.application', 't.name')}`,
  'tier of application': `${SELECT.tier} WHERE t.application = ANY($1::text[]) ORDER BY t.application, t.name`,
  'environment by name': `${SELECT.environment} WHERE t.name = ANY($1::text[])`,
  'placement of application': `${SELECT.placement} WHERE t.application = ANY($1::text[]) ORDER BY t.environment`,
  'placement of environment': `${SELECT.placement} WHERE t.environment = ANY($1::text[]) ORDER BY t.application`,
  'flow by name': `${SELECT.flow} WHERE t.name = ANY($1::text[])`,
  'flow from tier': `${SELECT.flow} WHERE ${inRefs('t.from_application', 't.from_tier')} ORDER BY t.name`,
  'flow to tier': `${SELECT.flow} WHERE ${inRefs('t.to_application', 't.to_tier')} ORDER BY t.name`,
  'flow of peer': `${SELECT.flow} WHERE t.from_peer = ANY($1::text[]) OR t.to_peer = ANY($1::text[]) ORDER BY t.name`,
  'tag of environment': `${SELECT.tag} WHERE t.environment = ANY($1::text[]) ORDER BY t.environment, t.name`,
  'tag of version': `${SELECT.tag} WHERE (t.environment, t.version) IN
      (SELECT split_part(ref, '/', 1), split_part(ref, '/', 2)::int FROM unnest($1::text[]) AS ref) ORDER BY t.environment, t.name`,
  'end of flow': `SELECT 'tier' AS kind, to_json(x) AS row FROM (${SELECT.tier} WHERE ${inRefs('t.application', 't.name')}) AS x
    UNION ALL SELECT 'peer', to_json(x) FROM (${SELECT.peer} WHERE t.name = ANY($1::text[])) AS x`,
} as const;

export type RelationName = keyof typeof TEXTS;

/** A row of the relation `end of flow`. */
export interface EndRow {
  readonly kind: 'tier' | 'peer';
  readonly row: unknown;
}

export async function related(database: Database, relation: RelationName, keys: readonly string[]): Promise<unknown[]> {
  const name = relation.replaceAll(' ', '-');
  const { rows } = await database.pool.query({ name, text: TEXTS[relation], values: [[...keys]] });
  return rows;
}
