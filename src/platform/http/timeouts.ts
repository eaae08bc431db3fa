/** How long clients may take. */
export interface Timeouts {
  /** Until the headers of a request are there, from its first byte, or from the connection. */
  readonly headersMs: number;
  /** Until all of it is there. */
  readonly requestMs: number;
  /** Between two pieces of a body: one that stops halfway is given up long before a large one that takes its time. */
  readonly bodyPauseMs: number;
  /** How often the first two are looked at, so how much later they may end something. */
  readonly checkMs: number;
}

/** What stops halfway is gone within fifteen seconds: ten and two for headers, twice seven for bodies. */
export const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, bodyPauseMs: 7_000, checkMs: 2_000 };
