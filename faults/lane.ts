import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Scene } from './inflict/fault.js';
import type { Random } from './random.js';

/** Faults one after the other, with rests between them. */
export interface Lane {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly scene: Scene;
  readonly restMs: readonly [least: number, most: number];
  /** `half-as-long`: what was broken works at least half as long as mending it took, so that also on a slow machine there is something to break. */
  readonly works: 'for-the-rest' | 'half-as-long';
}

/** Breaks and mends until the time is over; what is broken then is mended first. */
export async function keepBreaking(
  { name, faults, scene, restMs: [least, most], works }: Lane,
  until: number,
  tell: (line: string) => void,
): Promise<void> {
  const { random } = scene;
  let took = 0;
  for (const fault of deck(faults, random)) {
    const rest = least + random.below(most - least);
    await wait(
      Math.min(Math.max(rest, works === 'half-as-long' ? took / 2 : 0), Math.max(0, until - performance.now())),
    );
    if (performance.now() >= until) return;
    const began = performance.now();
    const said = await fault.inflict(scene);
    took = performance.now() - began;
    scene.tally.count(fault.name);
    tell(`${name}: ${fault.name}: ${said}`);
  }
}

/** Every fault as often as its share, in the order that chance gives, and again. */
function* deck(faults: readonly Fault[], random: Random): Generator<Fault> {
  while (faults.length > 0) {
    const cards = faults.flatMap((fault) => {
      const whole = Math.floor(fault.share);
      return Array.from({ length: whole + (random.chance(fault.share - whole) ? 1 : 0) }, () => fault);
    });
    yield* random.shuffled(cards.length > 0 ? cards : faults);
  }
}
