import pg from 'pg';
import type { Endpoint } from '../src/domain/model/entities.js';
import type { Snapshot } from '../src/domain/model/snapshot.js';

/** Writes a generated estate straight into the tables, as the API would in hours: a statement a table. Takes an empty, migrated database. */
export async function fillEstate(databaseUrl: string, snapshot: Snapshot): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const [sql, rows] of statements(snapshot)) await client.query(sql, [JSON.stringify(rows)]);
    await client.query('UPDATE model_state SET revision = 1');
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

function statements({
  environment,
  teams,
  applications,
  tiers,
  peers,
  placements,
  flows,
}: Snapshot): [string, object[]][] {
  return [
    [insert('team', 'name text', 'revision', '1'), [...teams]],
    [insert('application', 'name text, team text', 'revision', '1'), [...applications]],
    [
      insert('tier', 'application text, name text, pod_selector jsonb', 'revision', '1'),
      tiers.map(({ application, name, podSelector }) => ({ application, name, pod_selector: podSelector })),
    ],
    [
      insert('tier_port', 'application text, tier text, name text, position int, protocol text, port int'),
      tiers.flatMap(({ application, name: tier, ports }) =>
        ports.map((port, position) => ({ application, tier, position, ...port })),
      ),
    ],
    [
      insert('peer', 'name text, kind text, namespace_selector jsonb, pod_selector jsonb', 'revision', '1'),
      peers.map((peer) => ({
        ...{ name: peer.name, kind: peer.kind },
        ...(peer.kind === 'pods' ? { namespace_selector: peer.namespaceSelector, pod_selector: peer.podSelector } : {}),
      })),
    ],
    [
      insert('peer_block', 'peer text, position int, cidr text'),
      peers.flatMap((peer) =>
        peer.kind === 'cidr' ? peer.blocks.map(({ cidr }, position) => ({ peer: peer.name, position, cidr })) : [],
      ),
    ],
    [insert('environment', 'name text, profile jsonb', 'revision', '1'), [environment]],
    [insert('placement', 'environment text, application text, namespace text', 'revision', '1'), [...placements]],
    [
      insert(
        'flow',
        'name text, from_application text, from_tier text, from_peer text, to_application text, to_tier text, to_peer text',
        'everywhere, revision',
        'true, 1',
      ),
      flows.map(({ name, from, to }) => ({ name, ...columns('from', from), ...columns('to', to) })),
    ],
    [
      insert(
        'flow_port',
        'flow text, position int, to_application text, to_tier text, port_name text, protocol text, port int',
      ),
      flows.flatMap(({ name: flow, to, ports }) =>
        ports.map((port, position) =>
          typeof port === 'string'
            ? { flow, position, ...columns('to', to), port_name: port }
            : { flow, position, protocol: port.protocol, port: port.port },
        ),
      ),
    ],
  ];
}

function columns(side: 'from' | 'to', end: Endpoint): object {
  if ('peer' in end) return { [`${side}_peer`]: end.peer };
  const [application, tier] = end.tier.split('/');
  return { [`${side}_application`]: application, [`${side}_tier`]: tier };
}

/** `name type` for each column that comes as JSON; then columns with one value for all rows. */
function insert(table: string, described: string, more = '', values = ''): string {
  const names = described.split(', ').map((one) => one.split(' ')[0]);
  const all = [...names, ...(more === '' ? [] : [more])].join(', ');
  const selected = [...names, ...(values === '' ? [] : [values])].join(', ');
  return `INSERT INTO ${table} (${all}) SELECT ${selected} FROM jsonb_to_recordset($1) AS t(${described})`;
}
