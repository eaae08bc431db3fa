import type { Figure, Outcome, Part } from './part.js';

/** One line: what was tried, what failed, how long it took. */
export function outcomeLine({ name, about }: Part, { tried, failures }: Outcome, milliseconds: number): string {
  const count = tried.toLocaleString('en-US').padStart(7);
  const failed = `${failures.length} ${failures.length === 1 ? 'failure' : 'failures'}`;
  return `${name.padEnd(10)} ${count} tried, ${failed.padEnd(12)} ${(milliseconds / 1000).toFixed(1).padStart(6)} s   ${about}`;
}

/** A figure that is no number does not hold. */
export function holds({ value, most }: Figure): boolean {
  return most === undefined || value <= most;
}

/** One line: a figure, and whether it is what was promised. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, most } = figure;
  const verdict = most === undefined ? '' : `  (at most ${most} ${unit}: ${holds(figure) ? 'yes' : 'NO'})`;
  return `${name.padEnd(64)} ${value.toFixed(2).padStart(9)} ${unit}${verdict}`;
}
