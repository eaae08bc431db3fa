import type { EventType } from './event.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after the attempt before each attempt begins at the earliest: the schedule that the Standard Webhooks specification gives. */
export const SCHEDULE_MS: readonly number[] = [
  ...[0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

/** By how much an attempt may be later than the schedule has it, so that what failed together does not come back together. */
const JITTER = 0.2;

/** A receiver may ask for no longer pause. */
export const PAUSE_MAX_MS = 24 * HOUR;

/** Answers to which a receiver may add how long it wants to be left alone. */
const SLOW_DOWN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What an attempt came to: an answer, or none. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'unanswered'; readonly error: string };

/** What becomes of a delivery after an attempt. */
export type NextStep =
  | { readonly kind: 'delivered' }
  /** It was tried often enough. */
  | { readonly kind: 'failed' }
  /** The receiver wants no more of anything. */
  | { readonly kind: 'gone' }
  /** `pauseMs`: nothing goes to the receiver until then. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly pauseMs?: number };

/**
 * What to do after an attempt. Only 2xx is success: a redirect is a failure, as following one would lead past what was checked.
 * @param tries how many attempts there were, this one included
 * @param random from 0 to 1
 * @example nextStep({ kind: 'answered', status: 302 }, 1, 'bundle.published', 0) // { kind: 'again', afterMs: 5000 }
 */
export function nextStep(outcome: Outcome, tries: number, type: EventType, random: number): NextStep {
  if (outcome.kind === 'answered') {
    if (outcome.status >= 200 && outcome.status < 300) return { kind: 'delivered' };
    if (outcome.status === 410) return { kind: 'gone' };
  }
  const pauseMs = pauseOf(outcome);
  const wait = tries >= triesMax(type) ? undefined : SCHEDULE_MS[tries];
  if (wait === undefined) return { kind: 'failed' };
  const afterMs = Math.max(Math.round(wait * (1 + JITTER * random)), pauseMs ?? 0);
  return pauseMs === undefined ? { kind: 'again', afterMs } : { kind: 'again', afterMs, pauseMs };
}

/** Who asks for a test wants to know at once. */
function triesMax(type: EventType): number {
  return type === 'webhook.test' ? 1 : SCHEDULE_MS.length;
}

function pauseOf(outcome: Outcome): number | undefined {
  if (outcome.kind !== 'answered' || !SLOW_DOWN.has(outcome.status)) return undefined;
  return outcome.retryAfterMs === undefined ? undefined : Math.min(outcome.retryAfterMs, PAUSE_MAX_MS);
}
