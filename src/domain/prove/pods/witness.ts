import type { Labels } from '../../model/labels.js';
import type { LabelRule } from './label-rule.js';
import { NAME_KEY, partsOf, type Holder, type PodSet } from './pod-set.js';

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
export function witnessesOf(set: PodSet): readonly Witness[] {
  const mayLack = [...set.rules.values()].some(
    ({ absent, kind, values }) => absent && (kind === 'except' || values.length > 0),
  );
  const bare = witnessOf(set, (rule) => (rule.absent ? undefined : valueOf(rule)));
  return mayLack ? [bare, witnessOf(set, valueOf)] : [bare];
}

function witnessOf(set: PodSet, choose: (rule: LabelRule) => string | undefined): Witness {
  const chosen: Record<Holder, (readonly [string, string | undefined])[]> = { pod: [], namespace: [] };
  for (const [key, rule] of set.rules) {
    const { holder, label } = partsOf(key);
    if (key !== NAME_KEY) chosen[holder].push([label, choose(rule)]);
  }
  const name = set.rules.get(NAME_KEY);
  return {
    namespace: name?.kind === 'only' ? name.values[0] : undefined,
    namespaceLabels: chosen.namespace,
    labels: presentOnly(chosen.pod),
  };
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
export function unnamed(stem: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  let name = stem;
  for (let number = 2; known.has(name); number++) name = `${stem}-${number}`;
  return name;
}
