import { certainLabels, isSubset, type LabelSelector } from '../../model/selector.js';

/** Selectors, each with the object that has it, found by what they hold. */
export interface SelectorIndex {
  readonly byLabel: Map<string, NamedSelector[]>;
  readonly withoutLabel: NamedSelector[];
}

interface NamedSelector {
  readonly name: string;
  readonly selector: LabelSelector;
}

/** An index with nothing in it. */
export function selectorIndex(): SelectorIndex {
  return { byLabel: new Map(), withoutLabel: [] };
}

/** Adds a selector under the first label that is certain of its pods. */
export function addSelector(index: SelectorIndex, name: string, selector: LabelSelector): void {
  const [label] = labelsOf(selector);
  const known = label === undefined ? index.withoutLabel : (index.byLabel.get(label) ?? []);
  known.push({ name, selector });
  if (label !== undefined) index.byLabel.set(label, known);
}

/**
 * The names of the objects that select every pod of a selector, which matches some. What is certain of the pods of one that holds it is certain
 * of its own, so only those under its own labels are compared, and a namespace of thousands of tiers costs no square of them.
 * @example holdersOf(index, { matchLabels: { app: 'web' } }) // ['shop/allow-web-ingress']
 */
export function holdersOf(index: SelectorIndex, selector: LabelSelector): string[] {
  const candidates = labelsOf(selector).flatMap((label) => index.byLabel.get(label) ?? []);
  return [...candidates, ...index.withoutLabel]
    .filter((outer) => isSubset(selector, outer.selector))
    .map(({ name }) => name);
}

function labelsOf(selector: LabelSelector): string[] {
  return certainLabels(selector).map(([key, value]) => `${key}=${value}`);
}
