import { setFlagsFromString } from 'node:v8';

/**
 * Before anything is loaded: WebAssembly (Prisma's query compiler, Graphviz) is optimised once it has really worked. V8's own budget of 1.8 MB of
 * executed code lets a start alone compile most of it a second time, which costs some 65 MB that the allocator then keeps.
 */
setFlagsFromString('--wasm-tiering-budget=20000000');
