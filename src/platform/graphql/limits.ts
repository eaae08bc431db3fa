// What one document may ask for. Everything is counted before anything is executed.

/** Characters and tokens of a document: what parsing may cost. */
export const CHARACTERS_MAX = 64 * 1024;
export const TOKENS_MAX = 5_000;

/** Fields within fields. Introspection is not counted: GraphQL's own rule bounds it. */
export const DEPTH_MAX = 12;

/** The same field under many names is the same work many times. */
export const ALIASES_MAX = 30;

/** Fields and fragments, once all fragments are written out, as they are for compiling: a few that spread each other can be millions. */
export const SELECTIONS_MAX = 1_000;

export const DIRECTIVES_MAX = 20;

/** How often one name may stand in one selection: GraphQL compares them in pairs. */
export const REPEATS_MAX = 10;

/** The objects that a document may lead to, at a guess. */
export const OBJECTS_MAX = 100_000;

/** The guess for a list that is not paged: what a tier has of flows, an application of tiers, a team of applications. */
export const LIST_LENGTH = 4;

/** Fields that cost more than an object: they read a whole version, or render a whole environment. Counted in objects. */
export const COST = { reading: 50, rendering: 150 } as const;

/** Documents whose parsed and compiled form is kept: some 50 kB each, 2 MB at the limits above, and up to twice as many. */
export const DOCUMENTS_KEPT = 50;
