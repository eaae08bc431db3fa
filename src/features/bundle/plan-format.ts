import type { PlanFormat } from '../../work/plan-editions.js';

/** Each format of a plan, by its suffix, and how it is called in Content-Type. */
export const PLAN_FORMATS: Readonly<Record<PlanFormat, string>> = {
  json: 'application/json; charset=utf-8',
  sh: 'text/x-shellscript; charset=utf-8',
  yaml: 'application/yaml',
};

export function isPlanFormat(text: string): text is PlanFormat {
  return Object.hasOwn(PLAN_FORMATS, text);
}
