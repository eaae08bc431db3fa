import { setFlagsFromString } from 'node:v8';

/**
 * Before anything is loaded: WebAssembly (Prisma's query compiler, Graphviz) is optimised once it has really worked. V8's own budget of 1.8 MB of
 * executed code lets a start alone compile most of it a second time, which costs some 65 MB that the allocator then keeps. With a tenth of this
 * one it still compiles the function that is the heart of the query compiler: 35 MB, and a second of a processor.
 */
setFlagsFromString('--wasm-tiering-budget=200000000');
