import { createHook } from 'node:async_hooks';

/** What Node's queue of `process.nextTick` holds, in the order in which it was made. */
const entries: object[] = [];

/**
 * Held for as long as the process lives, from before the first collection: V8 forgets what an object looks like of which there is none. The next
 * entry of the queue would then be of another kind, and each from there on would be made in a slow way (`{ [symbol]: … }` by the runtime), which is
 * an eighth of what a small answer costs. https://nodejs.org/api/async_hooks.html#type calls it TickObject.
 */
export const entryOfNextTick: readonly object[] = entries;

const hook = createHook({
  init(_asyncId, type, _triggerAsyncId, resource) {
    if (type === 'TickObject') entries.push(resource);
  },
}).enable();
process.nextTick(() => undefined);
hook.disable();
