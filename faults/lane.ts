import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Scene } from './inflict/fault.js';
import type { Random } from './random.js';

/** Faults one after the other, with rests between them. */
export interface Lane {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly scene: Scene;
  readonly restMs: readonly [least: number, most: number];
}

/** Breaks and mends until the time is over; what is broken then is mended first. */
export async function keepBreaking(
  { name, faults, scene, restMs }: Lane,
  until: number,
  tell: (line: string) => void,
): Promise<void> {
  const { random } = scene;
  for (const fault of deck(faults, random)) {
    const [least, most] = restMs;
    await wait(Math.min(least + random.below(most - least), Math.max(0, until - performance.now())));
    if (performance.now() >= until) return;
    const said = await fault.inflict(scene);
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
