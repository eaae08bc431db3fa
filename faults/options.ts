import { DATABASE_FAULTS, SERVER_FAULTS } from './inflict/all.js';

/** What a run was asked to do. */
export interface Options {
  readonly minutes: number;
  /** The same seed gives the same faults in the same order, and the same choices of the clients; not the same timing. */
  readonly seed: number;
  /** Names of faults; empty: all. */
  readonly only: readonly string[];
  readonly kind: 'faults' | 'mutants';
  /** `gentle` leaves the machine to others as well. */
  readonly pace: 'hard' | 'gentle';
}

const USAGE = `npm run faults -- [--minutes N] [--seed S] [--only fault,fault] [--gentle]
npm run faults -- --mutants [--only mutant,mutant] [--seed S]`;

/** Reads the words of a command line. Refuses what it does not know, with what there is. */
export function readOptions(words: readonly string[]): Options {
  const rest = [...words];
  let options: Options = { minutes: 3, seed: Math.floor(Math.random() * 1e6), only: [], kind: 'faults', pace: 'hard' };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--mutants') options = { ...options, kind: 'mutants' };
    else if (word === '--gentle') options = { ...options, pace: 'gentle' };
    else if (word === '--minutes') options = { ...options, minutes: numberOf(word, rest.shift()) };
    else if (word === '--seed') options = { ...options, seed: Math.floor(numberOf(word, rest.shift())) };
    else if (word === '--only') options = { ...options, only: (rest.shift() ?? '').split(',') };
    else throw new Error(`${word} is nothing that this knows:\n${USAGE}`);
  }
  return options;
}

/** The faults to be inflicted. Refuses a name that none has. */
export function chosen(only: readonly string[]): { server: typeof SERVER_FAULTS; database: typeof DATABASE_FAULTS } {
  const known = [...SERVER_FAULTS, ...DATABASE_FAULTS].map(({ name }) => name);
  const unknown = only.filter((name) => !known.includes(name) && name !== ROLLING);
  if (unknown.length > 0)
    throw new Error(`there is no fault ${unknown.join(', ')} (have: ${[...known, ROLLING].join(', ')})`);
  const wanted = ({ name }: { name: string }): boolean => only.length === 0 || only.includes(name);
  return { server: SERVER_FAULTS.filter(wanted), database: DATABASE_FAULTS.filter(wanted) };
}

/** The one fault that is not inflicted beside others: no request may fail under it. */
export const ROLLING = 'rolling-restart';

function numberOf(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text !== undefined && value >= 0) return value;
  throw new Error(`${name} takes a number:\n${USAGE}`);
}
