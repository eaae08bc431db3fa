import type { FetchRecord, History, Sight } from '../history/history.js';

/** A version as it is listed when all is over. */
export interface FinalVersion extends Sight {
  readonly message?: string;
  readonly reason?: string;
  readonly publishedBy?: string;
  readonly fetched: FetchRecord;
}

/** An entry of the change log. */
export interface FinalChange {
  readonly revision: number;
  readonly actor?: string;
  readonly reason?: string;
  readonly resource: string;
  readonly name: string;
  readonly action: string;
  /** What the entry says the mark is now, where it is one of a tier. */
  readonly mark?: number;
}

/** All that is there when nobody writes any more. */
export interface FinalState {
  /** By environment, oldest first. */
  readonly versions: ReadonlyMap<string, readonly FinalVersion[]>;
  readonly changes: readonly FinalChange[];
  /** By application. */
  readonly marks: ReadonlyMap<string, number>;
  /** What each server says of itself that is not ready. */
  readonly unready: readonly string[];
}

/** One thing that must hold, whatever was broken meanwhile. */
export interface Check {
  readonly name: string;
  readonly holds: string;
  /** Each place where it does not, in words. */
  readonly judge: (history: History, final: FinalState) => string[];
}
