import { compareText } from '../errors.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import type { PodsPeer } from './compiled.js';
import { podsPeer, selectorOf } from './selectors.js';

/** A selector taken apart: the keys that must have one of some values, and all that it says besides. */
interface Choices {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly LabelRequirement[];
}

interface Part {
  readonly peer: PodsPeer;
  readonly choices: Choices;
}

/**
 * Peers of the same namespaces whose pod selectors differ only in the values of one label become one peer with all the values:
 * `app: a` and `app: b` are `app In [a, b]`. Key after key, in order; a merged peer may merge again over the next key, where the
 * values make a full product. The union of `k In A and R` and `k In B and R` is `k In A or B and R`, so nothing is added or lost.
 * @example mergeValues([podsPeer('shop', { matchLabels: { app: 'a' } }), podsPeer('shop', { matchLabels: { app: 'b' } })]).length // 1
 */
export function mergeValues(peers: readonly PodsPeer[]): PodsPeer[] {
  return [...groupBy(peers, (peer) => peer.scope).values()].flatMap((group) =>
    group.length === 1 ? group : mergeScope(group),
  );
}

function mergeScope(peers: readonly PodsPeer[]): PodsPeer[] {
  let parts: Part[] = peers.map((peer) => ({ peer, choices: choicesOf(peer.podSelector) }));
  for (const key of keysOf(parts)) {
    const groups = groupBy(parts, (part) => besides(key, part.choices));
    parts = [...groups.values()].map((group) => mergeKey(key, group));
  }
  return parts.map((part) => part.peer);
}

function mergeKey(key: string, [first, ...others]: readonly [Part, ...Part[]]): Part {
  if (others.length === 0) return first;
  const values = [first, ...others].flatMap((part) => part.choices.values.get(key) ?? []);
  const merged = new Map(first.choices.values).set(key, [...new Set(values)].sort(compareText));
  const choices = { values: merged, rest: first.choices.rest };
  return { peer: podsPeer(first.peer.namespaces, selectorOfChoices(choices)), choices };
}

function keysOf(parts: readonly Part[]): string[] {
  return [...new Set(parts.flatMap((part) => [...part.choices.values.keys()]))].sort(compareText);
}

/** A text that is equal where selectors say the same but for the values of `key`. One that does not choose by `key` is alone with itself. */
function besides(key: string, { values, rest }: Choices): string {
  const others: (string | readonly string[])[] = [];
  for (const [other, own] of values) others.push(other, other === key ? '' : own);
  return JSON.stringify([others, rest]);
}

/** Takes a canonical selector apart: sorted keys, each with the values of its label or of its first `In`. */
function choicesOf(selector: LabelSelector): Choices {
  const values = new Map<string, readonly string[]>();
  const rest: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) values.set(key, [value]);
  for (const requirement of selector.matchExpressions ?? []) {
    if (requirement.operator === 'In' && !values.has(requirement.key))
      values.set(requirement.key, requirement.values ?? []);
    else rest.push(requirement);
  }
  return { values: new Map([...values].sort((a, b) => compareText(a[0], b[0]))), rest };
}

function selectorOfChoices({ values, rest }: Choices): LabelSelector {
  const labels: [string, string][] = [];
  const expressions: LabelRequirement[] = [...rest];
  for (const [key, own] of values) {
    const [only] = own;
    if (own.length === 1 && only !== undefined) labels.push([key, only]);
    else expressions.push({ key, operator: 'In', values: own });
  }
  return selectorOf(labels, expressions);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
