/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0, below 1. */
  next(): number;
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  pick<T>(from: readonly T[]): T;
  /** True so often of one. */
  chance(of: number): boolean;
  /** The same in another order. */
  shuffled<T>(list: readonly T[]): T[];
  /** Another row of numbers, of its own name: what one part draws does not depend on how often another does. */
  apart(name: string): Random;
}

/** mulberry32: small, quick, and good enough to choose with. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const shuffled = <T>(list: readonly T[]): T[] => {
    const rest = [...list];
    return Array.from(list, () => rest.splice(below(rest.length), 1)[0]!);
  };
  return {
    ...{ next, below, shuffled },
    pick: (from) => from[below(from.length)]!,
    chance: (of) => next() < of,
    apart: (name) => randomOf([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed + 1)),
  };
}
