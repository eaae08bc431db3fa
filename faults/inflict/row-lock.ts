import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Fault } from './fault.js';

const HELD_FOR_MS = 10_000;

/** Somebody else holds what a publish needs. */
export const rowLock: Fault = {
  name: 'row-lock',
  does: `the row of one environment is locked for ${HELD_FOR_MS / 1000} seconds`,
  share: 0.5,
  inflict: async ({ rig, site, random }) => {
    const environment = random.pick(site.environments);
    const client = new pg.Client({
      connectionString: rig.cluster.primary.urlOf(rig.database),
      application_name: 'the harness locks',
    });
    client.on('error', () => undefined); // the statement under way tells it
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM environment WHERE name = $1 FOR UPDATE', [environment]);
      await wait(HELD_FOR_MS);
      await client.query('ROLLBACK');
    } finally {
      await client.end().catch(() => undefined);
    }
    return environment;
  },
};
