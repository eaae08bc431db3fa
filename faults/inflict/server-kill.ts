import type { Variant } from '../rig/server-process.js';
import type { Fault, Scene } from './fault.js';

const DAYS_OFF_MS = 3 * 24 * 60 * 60 * 1000;

/** SIGKILL of a server, under whatever it is doing. */
export const serverKill: Fault = {
  name: 'server-kill',
  does: 'a server process gets SIGKILL, and is started again',
  share: 10,
  inflict: (scene) => restart(scene, {}, 'killed'),
};

/** The clock of one process is wrong, from now until it is killed next. */
export const clockOff: Fault = {
  name: 'clock-off',
  does: 'a server process is killed, and comes back with a clock three days off',
  share: 2,
  inflict: (scene) => {
    const clockMs = scene.random.pick([-DAYS_OFF_MS, DAYS_OFF_MS]);
    return restart(scene, { clockMs }, `is back three days ${clockMs < 0 ? 'behind' : 'ahead'}`);
  },
};

/** Two versions over one schema, from now until it is killed next. */
export const olderVersion: Fault = {
  name: 'older-version',
  does: 'a server process is killed, and comes back as a build that does not know the last migration',
  share: 2,
  inflict: (scene) => restart(scene, { main: scene.rig.olderMain }, 'is back without the last migration'),
};

async function restart(scene: Scene, variant: Variant, what: string): Promise<string> {
  const { process } = scene.place;
  await process.end('SIGKILL');
  scene.tally.count('server kills');
  const began = performance.now();
  await process.start(variant);
  return `${process.settings.name} ${what}, up after ${Math.round(performance.now() - began)} ms`;
}
