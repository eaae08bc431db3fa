import type { NamespaceFacts } from '../kubernetes/workload.js';
import type { LabelSelector } from '../model/selector.js';
import { labelIndex, matching, type LabelIndex } from './label-index.js';
import type { PodClass } from './pod-class.js';
import { matches, selectorKey } from './selector.js';

/** Which pods, seen from `namespace`: by their labels and, with a namespaceSelector, those of other namespaces too. */
export type Select = (
  namespace: string,
  by: { readonly podSelector?: LabelSelector; readonly namespaceSelector?: LabelSelector },
) => readonly number[];

/** Up to so many things, looking at each is cheaper than the key under which what was found would be kept. */
export const FEW = 8;

/** Builds the lookup. Pods that are part of their node are in no namespace for a selector. */
export function selection(namespaces: readonly NamespaceFacts[], classes: readonly PodClass[]): Select {
  const byNamespace = indexByNamespace(classes);
  const namespaceIndex = labelIndex([...namespaces.keys()], (id) => namespaces[id]?.labels ?? {});
  const known = new Map<string, readonly string[]>();
  const namesMatching = (selector: LabelSelector): readonly string[] => {
    if (namespaces.length <= FEW) return namesAmongFew(namespaces, selector);
    const key = selectorKey(selector);
    const found = known.get(key) ?? matching(namespaceIndex, selector).map((id) => namespaces[id]?.name ?? '');
    known.set(key, found);
    return found;
  };
  return (namespace, { podSelector = {}, namespaceSelector }) => {
    const names = namespaceSelector === undefined ? [namespace] : namesMatching(namespaceSelector);
    if (names.length === 0) return NOBODY;
    const [first = '', ...others] = names;
    const matchingIn = (name: string): readonly number[] => {
      const index = byNamespace.get(name);
      return index === undefined ? NOBODY : matching(index, podSelector);
    };
    return others.length === 0 ? matchingIn(first) : names.flatMap(matchingIn);
  };
}

const NOBODY: readonly never[] = [];

function namesAmongFew(namespaces: readonly NamespaceFacts[], selector: LabelSelector): readonly string[] {
  const [first, ...others] = namespaces.filter(({ labels }) => matches(selector, labels));
  return first === undefined ? NOBODY : [first, ...others].map(({ name }) => name);
}

function indexByNamespace(classes: readonly PodClass[]): Map<string, LabelIndex> {
  const ids = new Map<string, number[]>();
  for (const { id, namespace, onNode } of classes) {
    if (onNode) continue;
    const list = ids.get(namespace);
    if (list === undefined) ids.set(namespace, [id]);
    else list.push(id);
  }
  return new Map([...ids].map(([name, list]) => [name, labelIndex(list, (id) => classes[id]?.labels ?? {})]));
}
