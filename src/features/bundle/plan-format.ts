import { SluiceError } from '../../domain/errors.js';
import { syncWaves, writeWaves } from '../../domain/plan/sync-waves.js';
import { writeScript } from '../../domain/plan/write-script.js';
import type { Plan } from './plan.service.js';

/** Each format of a plan, by its suffix: how it is called in Content-Type, and how it is written. */
export const PLAN_FORMATS = {
  json: { type: 'application/json; charset=utf-8', write: planView },
  sh: { type: 'text/x-shellscript; charset=utf-8', write: planScript },
  yaml: { type: 'application/yaml', write: planWaves },
} as const;

export type PlanFormat = keyof typeof PLAN_FORMATS;

export function isPlanFormat(text: string): text is PlanFormat {
  return Object.hasOwn(PLAN_FORMATS, text);
}

/** A plan as clients see it. */
export function planView({ before: _, after: __, ...view }: Plan): Omit<Plan, 'before' | 'after'> {
  return view;
}

/** The steps as a shell script for kubectl. */
export function planScript({ environment, from, to, steps }: Plan): string {
  return writeScript({ environment, from: from?.version, to: to.version }, steps);
}

/** The objects of the later version with the sync waves of Argo CD. Refuses (not-acceptable) where waves cannot do it. */
export function planWaves({ environment, before, after, steps, from, to }: Plan): string {
  const waves = syncWaves(before, after, steps);
  if (waves.kind === 'waves') return new TextDecoder().decode(writeWaves(waves.objects));
  const more = waves.reasons.length > 1 ? ` (and ${waves.reasons.length - 1} more)` : '';
  const query = from === undefined ? '' : `?from=${from.version}`;
  const instead = `/v1/environments/${environment}/bundles/${to.version}/plan.sh${query} does it in steps`;
  throw new SluiceError(
    'not-acceptable',
    `sync waves cannot do this without a cut: ${waves.reasons[0] ?? ''}${more}; ${instead}`,
  );
}
