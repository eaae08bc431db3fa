import type { Part } from './part.js';
import { bombs } from './parts/bombs.js';
import { cost } from './parts/cost.js';
import { graphql } from './parts/graphql.js';
import { regexes } from './parts/regexes.js';
import { rest } from './parts/rest.js';
import { scanners } from './parts/scanners.js';
import { tokens } from './parts/tokens.js';

/** In the order in which they run: what measures comes first, while the server has only what it began with. */
export const PARTS: readonly Part[] = [cost, bombs, tokens, scanners, rest, graphql, regexes];
