import pg from 'pg';
import { CONNECTIONS, SECONDS } from './load.js';

/** One statement again and again, with the values of each turn, over a pool of ten, as many at once as the load has connections; gives how many a second. */
export async function barePg(url: string, text: string, values: (turn: number) => readonly string[]): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  let turn = 0;
  try {
    return await repeat(async () => {
      await pool.query(text, [...values(turn++)]);
    });
  } finally {
    await pool.end();
  }
}

let made = 0;

/** What the creation of a flow writes, by hand: the revision, the flow, its two ports, the change; one transaction. */
export async function barePgWrites(url: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  try {
    return await repeat(() => writeFlow(pool));
  } finally {
    await pool.end();
  }
}

async function writeFlow(pool: pg.Pool): Promise<void> {
  const n = ++made;
  const name = `bare-${process.pid}-${n}`;
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ revision: string }>(
      'UPDATE model_state SET revision = revision + 1 RETURNING revision',
    );
    const revision = rows[0]?.revision;
    await client.query(
      `INSERT INTO flow (name, from_application, from_tier, to_application, to_tier, everywhere, revision) VALUES ($1, 'bench', $2, 'bench', $3, true, $4)`,
      [name, `tier-${n % 100}`, `tier-${(n + 11) % 100}`, revision],
    );
    await client.query(
      `INSERT INTO flow_port (flow, position, protocol, port) VALUES ($1, 0, 'TCP', 80), ($1, 1, 'UDP', 81)`,
      [name],
    );
    await client.query(
      `INSERT INTO change (revision, at, actor, resource, name, action, after) VALUES ($1, now(), 'bench', 'flow', $2, 'create', '{}')`,
      [revision, name],
    );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function repeat(work: () => Promise<void>): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  const worker = async () => {
    for (; performance.now() < end; done++) await work();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return done / SECONDS;
}
