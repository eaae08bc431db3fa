import type { Database } from './database.js';
import type { Key } from './model-store.js';

/** The columns for people and the revision, named as the client of Prisma names them. */
const DESCRIBED = `t.display_name AS "displayName", t.description, t.labels, t.links, t.revision`;

const PORT = `'name', p.name, 'protocol', p.protocol, 'port', p.port, 'endPort', p.end_port`;

/**
 * Objects on `pg` and prepared, at a fifth of what an object mapper costs. Each gives the row in the shape in which Prisma gives it, parts
 * and all, so that a store turns both into its object in one way. Which of them, the condition says that comes behind.
 */
export const SELECT = {
  team: `SELECT t.name, ${DESCRIBED} FROM team t`,
  application: `SELECT t.name, t.team AS "teamName", ${DESCRIBED} FROM application t`,
  tier: `SELECT t.application AS "applicationName", t.name, t.pod_selector AS "podSelector", ${DESCRIBED},
      (SELECT coalesce(json_agg(json_build_object(${PORT}) ORDER BY p.position), '[]')
        FROM tier_port p WHERE p.application = t.application AND p.tier = t.name) AS ports
    FROM tier t`,
  peer: `SELECT t.name, t.kind, t.namespace_selector AS "namespaceSelector", t.pod_selector AS "podSelector", t."except", ${DESCRIBED},
      (SELECT coalesce(json_agg(json_build_object('cidr', b.cidr, 'except', b."except", 'environments',
          (SELECT coalesce(json_agg(json_build_object('environmentName', e.environment) ORDER BY e.environment), '[]')
            FROM peer_block_environment e WHERE e.peer = b.peer AND e.position = b.position)) ORDER BY b.position), '[]')
        FROM peer_block b WHERE b.peer = t.name) AS blocks
    FROM peer t`,
  environment: `SELECT t.name, t.profile, ${DESCRIBED} FROM environment t`,
  placement: `SELECT t.environment AS "environmentName", t.application AS "applicationName", t.namespace, t.revision,
      (SELECT coalesce(json_agg(json_build_object('tierName', o.tier, 'labels', o.labels, 'outside', o.outside, 'ports',
          (SELECT coalesce(json_agg(json_build_object(${PORT}) ORDER BY p.position), '[]')
            FROM placement_port p WHERE p.environment = o.environment AND p.application = o.application AND p.tier = o.tier)) ORDER BY o.tier), '[]')
        FROM placement_tier o WHERE o.environment = t.environment AND o.application = t.application) AS tiers
    FROM placement t`,
  flow: `SELECT t.name, t.from_application AS "fromApplication", t.from_tier AS "fromTier", t.from_peer AS "fromPeer",
      t.to_application AS "toApplication", t.to_tier AS "toTier", t.to_peer AS "toPeer", t.everywhere, t.reason, ${DESCRIBED},
      (SELECT coalesce(json_agg(json_build_object('portName', p.port_name, 'protocol', p.protocol, 'port', p.port, 'endPort', p.end_port)
          ORDER BY p.position), '[]') FROM flow_port p WHERE p.flow = t.name) AS ports,
      (SELECT coalesce(json_agg(json_build_object('environmentName', e.environment) ORDER BY e.environment), '[]')
        FROM flow_environment e WHERE e.flow = t.name) AS environments
    FROM flow t`,
  tag: `SELECT t.environment AS "environmentName", t.name, t.version, t.revision FROM tag t`,
  webhook: `SELECT t.name, t.url, t.everywhere, t.enabled, t.signature, ${DESCRIBED},
      (SELECT coalesce(json_agg(json_build_object('environmentName', e.environment) ORDER BY e.environment), '[]')
        FROM webhook_environment e WHERE e.webhook = t.name) AS environments
    FROM webhook t`,
} as const;

export type LookupKind = keyof typeof SELECT;

const NAMED = {
  team: 't.name = $1',
  application: 't.name = $1',
  tier: 't.application = $1 AND t.name = $2',
  peer: 't.name = $1',
  environment: 't.name = $1',
  placement: 't.environment = $1 AND t.application = $2',
  flow: 't.name = $1',
  tag: 't.environment = $1 AND t.name = $2',
  webhook: 't.name = $1',
} as const;

/** A row of the model, and the revision that the whole model had when it was read. */
export interface Found {
  readonly row: unknown;
  readonly modelRevision: number;
}

/**
 * One object by its name, the hottest read of the API: the row of that name, if there is one. The values of the key stand in the order
 * of its fields, outermost first.
 */
export async function lookup(database: Database, kind: LookupKind, key: Key): Promise<Found | undefined> {
  const text = `SELECT found.*, m.revision AS "modelRevision" FROM (${SELECT[kind]} WHERE ${NAMED[kind]}) AS found, model_state AS m`;
  const { rows } = await database.pool.query<{ modelRevision: string }>({
    ...{ name: `lookup-${kind}`, text, values: Object.values(key) },
  });
  if (rows[0] === undefined) return undefined;
  const { modelRevision, ...row } = rows[0];
  return { row, modelRevision: Number(modelRevision) };
}
