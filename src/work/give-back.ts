import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a thread may hold in garbage between two jobs. */
const GARBAGE_MAX = 16 * 1024 * 1024;

let collect: (() => void) | undefined;
/** After the last collection here, in bytes. */
let held = 0;

/**
 * Lets go of what a job left behind, once its answer is on its way, if that is much: a thread with room in its heap collects nothing by itself,
 * and would hold on to the bodies of many requests.
 */
export function giveBackSoon(): void {
  setImmediate(giveBack);
}

function giveBack(): void {
  if (heldBytes() - held <= GARBAGE_MAX) return;
  collect ??= collector();
  collect();
  held = heldBytes();
}

function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** V8 shows it to contexts that are made after the flag is set. https://nodejs.org/api/v8.html#v8setflagsfromstringflags */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
