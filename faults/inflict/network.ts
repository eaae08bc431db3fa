import { setTimeout as wait } from 'node:timers/promises';
import type { Proxy } from '../rig/proxy.js';
import type { Fault, Scene } from './fault.js';

const CUTS = 4;
const BETWEEN_CUTS_MS = 150;
const DELAYS_MS = [5, 20, 60];
const DELAYED_FOR_MS = 2_500;
const SILENT_FOR_MS = 2_500;

/** Connections end in the middle of whatever they carry. */
export const cutConnections: Fault = {
  name: 'cut',
  does: 'all connections of one way (to a server, or from it to the database) are cut, several times',
  share: 2,
  inflict: async (scene) => {
    const { name, proxies } = wayOf(scene);
    for (let cut = 0; cut < CUTS; cut++) {
      for (const proxy of proxies) proxy.cut();
      await wait(BETWEEN_CUTS_MS);
    }
    return name;
  },
};

/** Everything takes longer, so that what happens in between has room. */
export const delayConnections: Fault = {
  name: 'delay',
  does: 'every byte of one way takes some milliseconds longer',
  share: 2,
  inflict: async (scene) => {
    const { name, proxies } = wayOf(scene);
    const delayMs = scene.random.pick(DELAYS_MS);
    for (const proxy of proxies) proxy.delayMs = delayMs;
    await wait(DELAYED_FOR_MS);
    for (const proxy of proxies) proxy.heal();
    return `${name}, ${delayMs} ms`;
  },
};

/** Nothing arrives, and nobody is told. */
export const halfOpen: Fault = {
  name: 'half-open',
  does: 'nothing passes on one way and neither side is told; later the connections end',
  share: 2,
  inflict: async (scene) => {
    const { name, proxies } = wayOf(scene);
    for (const proxy of proxies) proxy.fallSilent();
    await wait(SILENT_FOR_MS);
    for (const proxy of proxies) proxy.heal();
    return name;
  },
};

function wayOf({ rig, random }: Scene): { name: string; proxies: readonly Proxy[] } {
  const { process, front, behind } = random.pick(rig.places);
  const { name } = process.settings;
  return random.chance(0.6)
    ? { name: `between ${name} and the database`, proxies: behind }
    : { name: `between the clients and ${name}`, proxies: [front] };
}
