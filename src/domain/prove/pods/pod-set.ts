import { compareText } from '../../errors.js';
import type { Labels } from '../../model/labels.js';
import type { LabelSelector } from '../../model/selector.js';
import {
  allows,
  allowsAnything,
  allowsNothing,
  ANY_LABEL,
  exactly,
  meetRules,
  PRESENT,
  ruleOf,
  type LabelRule,
} from './label-rule.js';

/** The label that every namespace carries with its own name. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whose label a rule is about: the pod's own, or its namespace's. The key of a rule is `pod app` or `namespace team`. */
export type Holder = 'pod' | 'namespace';
export const NAME_KEY = `namespace ${NAMESPACE_NAME}`;

const NOBODY = 'nobody';

/** Pods, of any cluster, whose labels and whose namespace's labels keep every rule. */
export interface Pods {
  readonly rules: ReadonlyMap<string, LabelRule>;
}

/**
 * All pods that keep some rules: what a peer or a podSelector means. The rules are in one order, and each says something; `key` is
 * equal exactly where two sets hold the same pods.
 */
export interface PodSet extends Pods {
  readonly key: string;
}

/**
 * The pods of a selector, in the namespace of a name or in those of a selector.
 * @example podSet('shop', { matchLabels: { app: 'web' } })
 */
export function podSet(namespaces: string | LabelSelector, pods: LabelSelector): PodSet {
  const rules = new Map([[NAME_KEY, typeof namespaces === 'string' ? exactly(namespaces) : PRESENT]]);
  if (typeof namespaces !== 'string') addSelector(rules, 'namespace', namespaces);
  addSelector(rules, 'pod', pods);
  return setOf(rules);
}

function addSelector(rules: Map<string, LabelRule>, holder: Holder, selector: LabelSelector): void {
  const add = (key: string, rule: LabelRule): unknown => {
    const known = rules.get(`${holder} ${key}`);
    return rules.set(`${holder} ${key}`, known === undefined ? rule : meetRules(known, rule));
  };
  const labels = selector.matchLabels ?? {};
  for (const key of Object.keys(labels)) add(key, exactly(labels[key] ?? ''));
  for (const requirement of selector.matchExpressions ?? []) add(requirement.key, ruleOf(requirement));
}

/** The set of rules by key, whatever their order. It keeps the map, which nobody may change then. */
export function setOf(rules: ReadonlyMap<string, LabelRule>): PodSet {
  const telling = isCanonical(rules) ? rules : canonical(rules);
  let text = '';
  for (const [key, rule] of telling) {
    if (allowsNothing(rule)) return { key: NOBODY, rules: telling };
    // Each text behind its length: whatever stands in them, different rules have different keys.
    text += `${key.length}:${key}${rule.absent ? '?' : '!'}${rule.kind === 'only' ? '=' : '~'}${rule.values.length}`;
    for (const value of rule.values) text += `,${value.length}:${value}`;
    text += ';';
  }
  return { key: text, rules: telling };
}

/** Sorted by key, each rule saying something: as labels are written in most selectors. */
function isCanonical(rules: ReadonlyMap<string, LabelRule>): boolean {
  let before = '';
  for (const [key, rule] of rules) {
    if (key < before || allowsAnything(rule)) return false;
    before = key;
  }
  return true;
}

function canonical(rules: ReadonlyMap<string, LabelRule>): ReadonlyMap<string, LabelRule> {
  const telling = [...rules].filter(([, rule]) => !allowsAnything(rule));
  return new Map(telling.sort((a, b) => compareText(a[0], b[0])));
}

/** Any pod in any namespace. */
export const EVERY_POD = podSet({}, {});

/** True where no pod can be in the set: its rules contradict each other. */
export function isNobody(set: PodSet): boolean {
  return set.key === NOBODY;
}

/** The pods of `set` whose label `key` also keeps `rule`. */
export function narrow(set: PodSet, key: string, rule: LabelRule): PodSet {
  return setOf(new Map(set.rules).set(key, meetRules(set.rules.get(key) ?? ANY_LABEL, rule)));
}

/** The pods of both. */
export function meetSets(a: PodSet, b: PodSet): PodSet {
  const rules = new Map(a.rules);
  for (const [key, rule] of b.rules) rules.set(key, meetRules(rules.get(key) ?? ANY_LABEL, rule));
  return setOf(rules);
}

/** True where no pod can be in both. */
export function areApart(a: PodSet, b: PodSet): boolean {
  if (isNobody(a) || isNobody(b)) return true;
  for (const [key, rule] of b.rules) {
    const own = a.rules.get(key);
    if (own !== undefined && allowsNothing(meetRules(own, rule))) return true;
  }
  return false;
}

/** True where a pod of these labels, in a namespace of these labels, is in the set. */
export function holdsPod({ rules }: Pods, namespace: Labels, pod: Labels): boolean {
  for (const [key, rule] of rules) {
    const { holder, label } = partsOf(key);
    const labels = holder === 'pod' ? pod : namespace;
    // A label may be called `constructor`: only own keys count.
    if (!allows(rule, Object.hasOwn(labels, label) ? labels[label] : undefined)) return false;
  }
  return true;
}

/** Takes the key of a rule apart. */
export function partsOf(key: string): { readonly holder: Holder; readonly label: string } {
  return key.startsWith('pod ')
    ? { holder: 'pod', label: key.slice('pod '.length) }
    : { holder: 'namespace', label: key.slice('namespace '.length) };
}
