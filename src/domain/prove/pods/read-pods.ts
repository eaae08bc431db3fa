import type { LabelSelector } from '../../model/selector.js';
import { NAMESPACE_NAME, podSet, type PodSet } from './pod-set.js';

/** Reads the pods of a selector, as podSet does. */
export type ReadPods = (namespaces: string | LabelSelector, pods: LabelSelector) => PodSet;

/**
 * A reader that reads each selector once, and keeps it in `known`. A tier is named by its objects and by whoever calls it: its pods are one set then, known again
 * by identity.
 * @example const read = podReader(); read('shop', { matchLabels: { app: 'web' } }) === read('shop', { matchLabels: { app: 'web' } })
 */
export function podReader(known = new Map<string, PodSet>()): ReadPods {
  return (namespaces, pods) => {
    const text = `${namespacesText(namespaces)}\n${selectorText(pods)}`;
    const found = known.get(text);
    if (found !== undefined) return found;
    const set = podSet(namespaces, pods);
    known.set(text, set);
    return set;
  };
}

/** A namespace by name is the one that has its name as a label. */
function namespacesText(namespaces: string | LabelSelector): string {
  return typeof namespaces === 'string' ? `{${NAMESPACE_NAME}=${namespaces},` : selectorText(namespaces);
}

/** Different for different selectors: valid keys and values have none of the signs between them. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  let text = '{';
  for (const key of Object.keys(matchLabels)) text += `${key}=${matchLabels[key]},`;
  for (const { key, operator, values = [] } of matchExpressions) text += `${key} ${operator} ${values.join()};`;
  return text;
}
