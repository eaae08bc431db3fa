/**
 * All that one environment says, in a single statement and so at a single revision. Plain SQL because a statement with a dozen aggregates
 * is not what an object mapper is for, and because worker threads read it without one. Takes the name of the environment; gives one
 * row, whose `snapshot` is null where there is no such environment.
 */
export const SNAPSHOT_SQL = `SELECT $1::text AS name, (
  SELECT json_build_object(
    'revision', (SELECT revision FROM model_state),
    'environment', row_to_json(e),
    'teams', (SELECT coalesce(json_agg(t ORDER BY name), '[]') FROM team t),
    'applications', (SELECT coalesce(json_agg(a ORDER BY name), '[]') FROM application a),
    'tiers', (SELECT coalesce(json_agg(t ORDER BY application, name), '[]') FROM tier t),
    'tierPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM tier_port p),
    'peers', (SELECT coalesce(json_agg(p ORDER BY name), '[]') FROM peer p),
    'peerBlocks', (SELECT coalesce(json_agg(json_build_object('peer', b.peer, 'cidr', b.cidr, 'except', b."except", 'environments',
        (SELECT json_agg(be.environment ORDER BY be.environment) FROM peer_block_environment be WHERE be.peer = b.peer AND be.position = b.position)
      ) ORDER BY b.peer, b.position), '[]') FROM peer_block b),
    'placements', (SELECT coalesce(json_agg(p ORDER BY application), '[]') FROM placement p WHERE p.environment = e.name),
    'placementTiers', (SELECT coalesce(json_agg(p ORDER BY application, tier), '[]') FROM placement_tier p WHERE p.environment = e.name),
    'placementPorts', (SELECT coalesce(json_agg(p ORDER BY application, tier, position), '[]') FROM placement_port p WHERE p.environment = e.name),
    'flows', (SELECT coalesce(json_agg(f ORDER BY name), '[]') FROM flow f WHERE f.everywhere OR EXISTS (
        SELECT FROM flow_environment fe WHERE fe.flow = f.name AND fe.environment = e.name)),
    'flowPorts', (SELECT coalesce(json_agg(p ORDER BY flow, position), '[]') FROM flow_port p),
    'flowEnvironments', (SELECT coalesce(json_agg(fe ORDER BY flow, environment), '[]') FROM flow_environment fe)
  ) FROM environment e WHERE e.name = $1)::text AS snapshot`;
