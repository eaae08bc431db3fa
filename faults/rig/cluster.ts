import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { copyBase } from './base-copy.js';
import { PostgresNode } from './postgres-node.js';

const IN_STEP_WITHIN_MS = 60_000;

/** A primary and a standby that every commit waits for: what was acknowledged is on both. */
export class Cluster {
  private constructor(
    private readonly nodes: readonly [PostgresNode, PostgresNode],
    private first: 0 | 1,
  ) {}

  static async start(folders: readonly [string, string]): Promise<Cluster> {
    const a = await PostgresNode.create('a', folders[0]);
    const b = await PostgresNode.create('b', folders[1], a);
    await a.start();
    const cluster = new Cluster([a, b], 0);
    await cluster.rebuildStandby();
    return cluster;
  }

  get primary(): PostgresNode {
    return this.nodes[this.first];
  }

  get standby(): PostgresNode {
    return this.nodes[1 - this.first]!;
  }

  /** Both, whichever role they have. */
  get all(): readonly PostgresNode[] {
    return this.nodes;
  }

  /** One statement on the primary, as its superuser and on a connection of its own. */
  async tell<Row extends object = Record<string, never>>(
    text: string,
    database = 'postgres',
    values: unknown[] = [],
  ): Promise<Row[]> {
    return onServer(this.primary, database, async (client) => (await client.query<Row>(text, values)).rows);
  }

  async restartPrimary(): Promise<void> {
    await this.primary.kill();
    await this.primary.start();
  }

  /** The primary is lost for good; the standby takes its place, and commits wait for nobody until there is a new one. Gives when it took writes, by `performance.now`. */
  async promote(): Promise<number> {
    await this.primary.kill();
    const { standby } = this;
    await onServer(standby, 'postgres', (client) => client.query('SELECT pg_promote(true, 60)'));
    this.first = this.first === 0 ? 1 : 0;
    return performance.now();
  }

  /** Makes whoever is not the primary its standby, from a copy, and has every commit wait for it. */
  async rebuildStandby(): Promise<void> {
    const { primary, standby } = this;
    await standby.kill();
    const { directory, data } = standby;
    const from = { url: primary.urlOf('postgres'), directory: primary.directory };
    await copyBase(from, { directory, account: data.account }, 'streamed');
    standby.takeRole({ follows: `host=127.0.0.1 port=${primary.port} user=sluice password=${primary.data.password}` });
    await standby.start();
    primary.takeRole({ waitsFor: 'every standby' });
    await this.tell('SELECT pg_reload_conf()');
    await this.inStep();
  }

  /** Waits until the standby has all that the primary has, and is waited for. */
  async inStep(): Promise<void> {
    const deadline = Date.now() + IN_STEP_WITHIN_MS;
    for (;;) {
      const rows = await this.tell<{ ready: boolean }>(
        `SELECT sync_state = 'sync' AND state = 'streaming' AND flush_lsn >= pg_current_wal_flush_lsn() - 16384 AS ready FROM pg_stat_replication WHERE state = 'streaming'`,
      ).catch(() => []);
      if (rows.length > 0 && rows.every(({ ready }) => ready)) return;
      if (Date.now() > deadline) throw new Error('the standby does not come in step with its primary');
      await wait(20);
    }
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) await node.kill();
  }
}

async function onServer<T>(node: PostgresNode, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: node.urlOf(database),
    connectionTimeoutMillis: 5_000,
    application_name: 'the harness',
  });
  client.on('error', () => undefined); // the statement under way tells it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
