import type { Labels } from '../../model/labels.js';
import type { LabelRule } from './label-rule.js';
import { NAME_KEY, partsOf, type Pods } from './pod-set.js';

/** One pod of a set: its labels, what its namespace needs, and the name of its namespace where the set gives one. */
export interface Witness {
  readonly namespace: string | undefined;
  /** Labels of the namespace of which the set says something; without a value where it must be absent. */
  readonly namespaceLabels: readonly (readonly [label: string, value: string | undefined])[];
  readonly labels: Labels;
}

/**
 * Pods of a set, which must not be empty: one with as few labels as the set allows, and where that leaves some out of which the set
 * says something, one that has them all. A value that any would do for is one that nobody has named.
 * @example witnessesOf(podSet('shop', { matchLabels: { app: 'web' } }))[0] // { namespace: 'shop', labels: { app: 'web' }, ... }
 */
export function witnessesOf({ rules }: Pods): readonly Witness[] {
  const bare = witnessOf(rules, (rule) => (rule.absent ? undefined : valueOf(rule)));
  return mayLackSome(rules) ? [bare, witnessOf(rules, valueOf)] : [bare];
}

/** True where some label may be absent, and may be there too. */
function mayLackSome(rules: Pods['rules']): boolean {
  for (const { absent, kind, values } of rules.values())
    if (absent && (kind === 'except' || values.length > 0)) return true;
  return false;
}

function witnessOf(rules: Pods['rules'], choose: (rule: LabelRule) => string | undefined): Witness {
  const namespaceLabels: (readonly [string, string | undefined])[] = [];
  const labels: (readonly [string, string])[] = [];
  for (const [key, rule] of rules) {
    if (key === NAME_KEY) continue;
    const { holder, label } = partsOf(key);
    const value = choose(rule);
    if (holder === 'namespace') namespaceLabels.push([label, value]);
    else if (value !== undefined) labels.push([label, value]);
  }
  const name = rules.get(NAME_KEY);
  const namespace = name?.kind === 'only' ? name.values[0] : undefined;
  return { namespace, namespaceLabels, labels: Object.fromEntries(labels) };
}

function valueOf({ kind, values }: LabelRule): string | undefined {
  return kind === 'only' ? values[0] : unnamed('other', values);
}

/** Labels of a list, without those that are absent. */
export function presentOnly(labels: readonly (readonly [string, string | undefined])[]): Labels {
  return Object.fromEntries(labels.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/**
 * A text that is none of `taken`.
 * @example unnamed('other', ['other']) // 'other-2'
 */
export function unnamed(stem: string, taken: readonly string[]): string {
  if (!taken.includes(stem)) return stem;
  const known = new Set(taken);
  let name = `${stem}-2`;
  for (let number = 3; known.has(name); number++) name = `${stem}-${number}`;
  return name;
}
