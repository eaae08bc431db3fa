import type { Part } from './part.js';
import { regexes } from './parts/regexes.js';
import { rest } from './parts/rest.js';

/** In the order in which they run. */
export const PARTS: readonly Part[] = [rest, regexes];
