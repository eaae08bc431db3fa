import type { History } from '../history/history.js';
import type { Random } from '../random.js';
import type { Place, Rig } from '../rig/rig.js';
import type { Site } from '../traffic/site.js';
import type { Traffic } from '../traffic/traffic.js';

/** Where a fault happens. */
export interface Scene {
  readonly rig: Rig;
  /** The server that a fault of servers breaks. */
  readonly place: Place;
  readonly site: Site;
  readonly traffic: Traffic;
  readonly history: History;
  readonly random: Random;
  readonly tally: Tally;
}

/** What is counted and measured of a run. */
export interface Tally {
  count(what: string, times?: number): void;
  /** Milliseconds of something that there is a limit for. */
  measure(what: string, ms: number): void;
}

/** One way to break something, and to mend it again. */
export interface Fault {
  readonly name: string;
  /** One sentence for the documents and the table. */
  readonly does: string;
  /** How often in a deck of faults. */
  readonly share: number;
  /** Why it cannot be done here; nothing where it can. */
  readonly impossible?: (rig: Rig) => string | undefined;
  /** Breaks, waits, mends; gives what there is to say of it. */
  readonly inflict: (scene: Scene) => Promise<string>;
}
