import { CHECKS } from './checks/all.js';
import type { History } from './history/history.js';
import type { RollingResult } from './rolling.js';
import type { Verdicts } from './round.js';
import type { RunTally } from './tally.js';

const EXAMPLES = 5;

/** What a figure should be, where one is promised. */
const LIMITS_MS: Readonly<Record<string, number>> = {
  'first write after a promotion': 1_000,
  'first write after a disk is freed': 1_000,
};

/** The counters at the end of a run, as lines. */
export function summary(
  history: History,
  tally: RunTally,
  verdicts: Verdicts,
  rolling: RollingResult | undefined,
): string[] {
  const acknowledged = history.publishes.filter((publish) => publish.acknowledged.length > 0);
  const versions = new Set(
    acknowledged.flatMap((publish) => publish.acknowledged.map(({ sight }) => `${sight.environment} ${sight.version}`)),
  );
  const written = history.writes.filter(({ outcome }) => outcome === 'acknowledged');
  const rows: [string, string | number][] = [
    ['requests', history.counts.requests],
    ['  of which nobody knows the outcome', history.counts.unknown],
    ['acknowledged publishes', acknowledged.length],
    ['  versions that they are', versions.size],
    ['acknowledged writes of the model', written.length],
    ['reads of the latest version', history.latest.length],
    ['versions fetched', history.fetches.length],
    ...[...tally.counts].sort(([a], [b]) => (a < b ? -1 : 1)),
    ...[...tally.measures].map(([what, list]): [string, string] => [what, measured(what, list)]),
    ...rollingRows(rolling),
    ...CHECKS.map(({ name, holds }): [string, string] => [name, `${verdicts.get(name)?.length ?? 0}  (${holds})`]),
  ];
  return [...rows.map(([name, value]) => `${name.padEnd(38)} ${value}`), ...examples(verdicts, rolling)];
}

/** Whether a run found nothing. */
export function isClean(verdicts: Verdicts, rolling: RollingResult | undefined): boolean {
  return [...verdicts.values()].every((found) => found.length === 0) && (rolling?.failed.length ?? 0) === 0;
}

function rollingRows(rolling: RollingResult | undefined): [string, string | number][] {
  if (rolling === undefined) return [];
  return [
    ['rolling restarts', rolling.restarts],
    ['  requests meanwhile', rolling.requests],
    ['  of which failed', rolling.failed.length],
  ];
}

function measured(what: string, list: readonly number[]): string {
  const sorted = [...list].sort((a, b) => a - b);
  const [median, most] = [sorted[sorted.length >> 1] ?? NaN, sorted.at(-1) ?? NaN];
  const limit = LIMITS_MS[what];
  return `${Math.round(median)} ms median, ${Math.round(most)} ms at most, of ${list.length}${limit === undefined ? '' : ` (limit ${limit} ms)`}`;
}

function examples(verdicts: Verdicts, rolling: RollingResult | undefined): string[] {
  const found = [...verdicts, ['rolling restart', rolling?.failed ?? []] as const];
  return found.flatMap(([name, texts]) => texts.slice(0, EXAMPLES).map((text) => `FOUND ${name}: ${text}`));
}
