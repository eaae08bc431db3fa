import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './fault.js';
import { measureFirstWrite } from './first-write.js';

const FULL_FOR_MS = 2_500;

/** There is no room for what is written. Where PostgreSQL gives up over it, its keeper starts it again. */
export const diskFull: Fault = {
  name: 'disk-full',
  does: 'the disk of the primary is full for a while',
  share: 1,
  impossible: ({ disks }) => disks[0]?.shared && `no disk of its own can be mounted: ${disks[0].shared}`,
  inflict: async (scene) => {
    const { cluster, primaryDisk } = scene.rig;
    primaryDisk.fill();
    await wait(FULL_FOR_MS);
    primaryDisk.free();
    const gaveUp = !cluster.primary.running;
    if (gaveUp) await cluster.restartPrimary();
    const said = await measureFirstWrite(scene, 'first write after a disk is freed', performance.now());
    return `${gaveUp ? 'PostgreSQL gave up; ' : ''}${said}`;
  },
};
