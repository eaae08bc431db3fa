/** The lists of a snapshot's rows, in their order. */
export const ROW_LISTS = ['teams', 'applications', 'tiers', 'peers', 'placements', 'flows'] as const;

const NAMED_PORTS = `json_agg(json_build_object('name', name, 'protocol', protocol, 'port', port, 'end_port', end_port) ORDER BY position) AS ports`;

/** Each list of rows. What belongs to a row stands in it, so that a row says all of one thing. */
const LISTS: Readonly<Record<(typeof ROW_LISTS)[number], string>> = {
  teams: rowsOf('team', 'name'),
  applications: rowsOf('application', 'name'),
  tiers: rowsOf(
    `(SELECT tier.*, p.ports FROM tier LEFT JOIN (
        SELECT application, tier, ${NAMED_PORTS} FROM tier_port GROUP BY application, tier
      ) p ON p.application = tier.application AND p.tier = tier.name)`,
    'application, name',
  ),
  peers: rowsOf(
    `(SELECT peer.*, b.blocks FROM peer LEFT JOIN (
        SELECT peer, json_agg(json_build_object('cidr', b.cidr, 'except', b."except", 'environments',
          (SELECT json_agg(be.environment ORDER BY be.environment) FROM peer_block_environment be WHERE be.peer = b.peer AND be.position = b.position)
        ) ORDER BY position) AS blocks FROM peer_block b GROUP BY peer
      ) b ON b.peer = peer.name)`,
    'name',
  ),
  placements: rowsOf(
    `(SELECT placement.*, t.tiers FROM placement LEFT JOIN (
        SELECT pt.application, json_agg(json_build_object('tier', pt.tier, 'labels', pt.labels, 'outside', pt.outside, 'ports', p.ports) ORDER BY pt.tier) AS tiers
        FROM placement_tier pt LEFT JOIN (
          SELECT application, tier, ${NAMED_PORTS} FROM placement_port WHERE environment = $1 GROUP BY application, tier
        ) p ON p.application = pt.application AND p.tier = pt.tier WHERE pt.environment = $1 GROUP BY pt.application
      ) t ON t.application = placement.application WHERE placement.environment = $1)`,
    'application',
  ),
  flows: rowsOf(
    `(SELECT flow.*, p.ports, e.environments FROM flow LEFT JOIN (
        SELECT flow, json_agg(json_build_object('port_name', port_name, 'protocol', protocol, 'port', port, 'end_port', end_port) ORDER BY position) AS ports
        FROM flow_port GROUP BY flow
      ) p ON p.flow = flow.name LEFT JOIN (
        SELECT flow, json_agg(environment ORDER BY environment) AS environments FROM flow_environment GROUP BY flow
      ) e ON e.flow = flow.name WHERE flow.everywhere OR EXISTS (
        SELECT FROM flow_environment fe WHERE fe.flow = flow.name AND fe.environment = $1))`,
    'name',
  ),
};

/** A row a line: between the signs of JSON a line feed is as good as a space, and within them there is none. */
function rowsOf(from: string, order: string): string {
  const line = String.raw`translate(json_strip_nulls(row_to_json(r))::text, E'\n', ' ')`;
  return String.raw`(SELECT coalesce(string_agg(${line}, E'\n' ORDER BY ${order}), '') FROM ${from} r)`;
}

/**
 * All that one environment says, in a single statement and so at a single revision. Plain SQL because a statement with a dozen aggregates
 * is not what an object mapper is for, and because worker threads read it without one. Takes the name of the environment; gives one
 * row, whose `snapshot` is null where there is no such environment: a line with the revision and the environment, and then each list behind an empty line.
 */
export const SNAPSHOT_SQL = `SELECT $1::text AS name, (
  SELECT json_build_object('revision', (SELECT revision FROM model_state), 'environment', row_to_json(e))::text
    || ${ROW_LISTS.map((list) => String.raw`E'\n\n' || ${LISTS[list]}`).join('\n    || ')}
  FROM environment e WHERE e.name = $1) AS snapshot`;
