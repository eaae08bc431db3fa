import { createHook } from 'node:async_hooks';

/** How often something is compressed or unpacked in this process while `work` runs: zlib makes a handle for each, whoever calls it, and however. */
export async function compressionsOf(work: () => Promise<unknown>): Promise<number> {
  let handles = 0;
  const init = (_id: number, type: string) => void (type === 'ZLIB' && handles++);
  const hook = createHook({ init }).enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return handles;
}
