import type { InitializeHook, LoadHook } from 'node:module';

/** By the address of the module. */
let sources: ReadonlyMap<string, string> = new Map();

export const initialize: InitializeHook<ReadonlyMap<string, string>> = (data) => {
  sources = data;
};

/** https://nodejs.org/api/module.html#loadurl-context-nextload */
export const load: LoadHook = (url, context, nextLoad) => {
  const source = sources.get(url);
  return source === undefined ? nextLoad(url, context) : { format: 'module', source, shortCircuit: true };
};
