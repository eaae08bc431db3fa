/**
 * The lists of an object, also those of which some items cannot be read: these are undefined, so that every other keeps its place.
 * A rule about each item for itself reads these, and speaks in the same refusal as the shape does; a rule about the list as a whole
 * needs all of it.
 */
export type ReadableLists<T> = {
  readonly [K in keyof T]?: NonNullable<T[K]> extends readonly (infer I)[] ? readonly (I | undefined)[] : never;
};
