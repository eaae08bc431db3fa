import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Scene } from './fault.js';
import { nextAcknowledgement } from './next-acknowledgement.js';

const QUIET_MS = 400;

/** The database dies under transactions. */
export const databaseKillBusy: Fault = {
  name: 'database-kill-busy',
  does: 'every process of PostgreSQL gets SIGKILL under checked-out connections, right after a reply; it is started again',
  share: 3,
  inflict: async (scene) => {
    await nextAcknowledgement(scene.history);
    return killed(scene, 'right after a reply');
  },
};

/** The database dies while nobody asks anything of it. */
export const databaseKillIdle: Fault = {
  name: 'database-kill-idle',
  does: 'the same while all connections lie idle in the pools',
  share: 1,
  inflict: async (scene) => {
    scene.traffic.rest();
    await wait(QUIET_MS);
    const said = await killed(scene, 'under an idle pool');
    scene.traffic.goOn();
    return said;
  },
};

/** One process of PostgreSQL dies, and takes all others with it: the server starts itself again. */
export const listenerKill: Fault = {
  name: 'listener-kill',
  does: 'the process behind a LISTEN connection gets SIGKILL, whereupon PostgreSQL ends all others and recovers',
  share: 1,
  inflict: async ({ rig, tally }) => {
    const rows = await rig.cluster.tell<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'sluice-listen' LIMIT 1`,
    );
    if (rows[0] === undefined) return 'nobody listened just then';
    process.kill(rows[0].pid, 'SIGKILL');
    tally.count('database kills');
    await untilAnswers(rig.cluster);
    return `process ${rows[0].pid} of PostgreSQL`;
  },
};

/** The LISTEN connections end, and nothing else does. */
export const listenerEnd: Fault = {
  name: 'listener-end',
  does: 'PostgreSQL ends the LISTEN connections (pg_terminate_backend)',
  share: 2,
  inflict: async ({ rig }) => {
    const rows = await rig.cluster.tell(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice-listen'`,
    );
    return `${rows.length} connections`;
  },
};

async function killed({ rig, tally }: Scene, how: string): Promise<string> {
  const began = performance.now();
  await rig.cluster.restartPrimary();
  tally.count('database kills');
  return `${how}, back after ${Math.round(performance.now() - began)} ms`;
}

async function untilAnswers(cluster: Scene['rig']['cluster']): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    await wait(20);
    if (
      await cluster.tell('SELECT 1').then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error('PostgreSQL does not come back');
}
