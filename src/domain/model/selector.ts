import type { Labels } from './labels.js';

export const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One expression of a label selector. `values` is for In and NotIn only, where it has at least one. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values?: readonly string[];
}

/** A Kubernetes label selector: everything in it must hold. The empty selector matches all. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** What a selector says of one key: whether the key may be absent, and which values it may have (`except` means all but these). */
interface KeyRule {
  readonly absent: boolean;
  readonly values: { readonly kind: 'only' | 'except'; readonly set: ReadonlySet<string> };
}

const ANYTHING: KeyRule = { absent: true, values: { kind: 'except', set: new Set() } };

/**
 * Every pod that `inner` matches is matched by `outer` too. A selector that can match no pod is a subset of all.
 * @example isSubset({ matchLabels: { app: 'a', tier: 'db' } }, { matchLabels: { app: 'a' } }) // true
 */
export function isSubset(inner: LabelSelector, outer: LabelSelector): boolean {
  const innerRules = keyRules(inner);
  if ([...innerRules.values()].some(isEmpty)) return true;
  for (const [key, outerRule] of keyRules(outer)) {
    if (!ruleIsSubset(innerRules.get(key) ?? ANYTHING, outerRule)) return false;
  }
  return true;
}

/**
 * Some pod could be matched by both.
 * @example canOverlap({ matchLabels: { app: 'a' } }, { matchLabels: { tier: 'db' } }) // true
 */
export function canOverlap(a: LabelSelector, b: LabelSelector): boolean {
  const rules = keyRules(a);
  for (const [key, rule] of keyRules(b)) rules.set(key, intersect(rules.get(key) ?? ANYTHING, rule));
  return ![...rules.values()].some(isEmpty);
}

/**
 * The labels that every pod has which a selector matches, however it says so: under two expressions a key may be left with one value.
 * @example certainLabels({ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }) // [['app', 'a']]
 */
export function certainLabels(selector: LabelSelector): [key: string, value: string][] {
  return [...keyRules(selector)].flatMap(([key, { absent, values }]): [string, string][] => {
    const [first] = values.set;
    return !absent && values.kind === 'only' && values.set.size === 1 && first !== undefined ? [[key, first]] : [];
  });
}

function keyRules(selector: LabelSelector): Map<string, KeyRule> {
  const rules = new Map<string, KeyRule>();
  const add = (key: string, rule: KeyRule) => rules.set(key, intersect(rules.get(key) ?? ANYTHING, rule));
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    add(key, ruleOf({ key, operator: 'In', values: [value] }));
  for (const requirement of selector.matchExpressions ?? []) add(requirement.key, ruleOf(requirement));
  return rules;
}

function ruleOf(requirement: LabelRequirement): KeyRule {
  const set = new Set(requirement.values ?? []);
  switch (requirement.operator) {
    case 'In':
      return { absent: false, values: { kind: 'only', set } };
    case 'NotIn': // a pod without the key matches too
      return { absent: true, values: { kind: 'except', set } };
    case 'Exists':
      return { absent: false, values: { kind: 'except', set: new Set() } };
    case 'DoesNotExist':
      return { absent: true, values: { kind: 'only', set: new Set() } };
  }
}

function intersect(a: KeyRule, b: KeyRule): KeyRule {
  const absent = a.absent && b.absent;
  const [x, y] = a.values.kind === 'only' ? [a.values, b.values] : [b.values, a.values];
  if (x.kind === 'except') return { absent, values: { kind: 'except', set: new Set([...x.set, ...y.set]) } };
  const set = new Set([...x.set].filter((value) => (y.kind === 'only') === y.set.has(value)));
  return { absent, values: { kind: 'only', set } };
}

function isEmpty(rule: KeyRule): boolean {
  return !rule.absent && rule.values.kind === 'only' && rule.values.set.size === 0;
}

function ruleIsSubset(inner: KeyRule, outer: KeyRule): boolean {
  if (inner.absent && !outer.absent) return false;
  const [i, o] = [inner.values, outer.values];
  if (i.kind === 'only') return [...i.set].every((value) => (o.kind === 'only') === o.set.has(value));
  return o.kind === 'except' && [...o.set].every((value) => i.set.has(value));
}
