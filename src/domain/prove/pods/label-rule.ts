import { compareText } from '../../errors.js';
import type { LabelRequirement } from '../../model/selector.js';

/** What one label may be: absent or not, and only these values or any but these. Values are sorted and single. */
export interface LabelRule {
  readonly absent: boolean;
  readonly kind: 'only' | 'except';
  readonly values: readonly string[];
}

const NO_VALUES: readonly string[] = [];
export const ANY_LABEL: LabelRule = { absent: true, kind: 'except', values: NO_VALUES };
export const PRESENT: LabelRule = { absent: false, kind: 'except', values: NO_VALUES };

/** The label has this one value. */
export function exactly(value: string): LabelRule {
  return { absent: false, kind: 'only', values: [value] };
}

/**
 * One expression of a selector as a rule for its key. A pod without the key matches NotIn and DoesNotExist.
 * @example ruleOf({ key: 'app', operator: 'NotIn', values: ['a'] }) // { absent: true, kind: 'except', values: ['a'] }
 */
export function ruleOf({ operator, values = [] }: LabelRequirement): LabelRule {
  switch (operator) {
    case 'In':
      return { absent: false, kind: 'only', values: sorted(values) };
    case 'NotIn':
      return { absent: true, kind: 'except', values: sorted(values) };
    case 'Exists':
      return PRESENT;
    case 'DoesNotExist':
      return { absent: true, kind: 'only', values: NO_VALUES };
  }
}

/** What both rules allow. */
export function meetRules(a: LabelRule, b: LabelRule): LabelRule {
  const absent = a.absent && b.absent;
  if (a.kind === 'except' && b.kind === 'except')
    return { absent, kind: 'except', values: sorted([...a.values, ...b.values]) };
  const [only, other] = a.kind === 'only' ? [a, b] : [b, a];
  const listed = new Set(other.values);
  return { absent, kind: 'only', values: only.values.filter((value) => (other.kind === 'only') === listed.has(value)) };
}

/** What the rule does not allow. */
export function complement(rule: LabelRule): LabelRule {
  return { absent: !rule.absent, kind: rule.kind === 'only' ? 'except' : 'only', values: rule.values };
}

/** True where nothing keeps the rule. There are always values that nobody has named, so `except` never allows nothing. */
export function allowsNothing(rule: LabelRule): boolean {
  return !rule.absent && rule.kind === 'only' && rule.values.length === 0;
}

export function allowsAnything(rule: LabelRule): boolean {
  return rule.absent && rule.kind === 'except' && rule.values.length === 0;
}

/** True where a label of this value, or its absence, keeps the rule. */
export function allows(rule: LabelRule, value: string | undefined): boolean {
  return value === undefined ? rule.absent : (rule.kind === 'only') === rule.values.includes(value);
}

function sorted(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort(compareText);
}
