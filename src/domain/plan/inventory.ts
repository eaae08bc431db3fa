import { compareText } from '../errors.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { applySet, type ApplySet } from './apply-set.js';

/** Every object of a version, by namespace: what belongs to it, and by which set kubectl can prune it there. */
export interface Inventory {
  /** How many objects there are. */
  readonly objects: number;
  readonly applySet: ApplySet;
  readonly namespaces: readonly InventoryNamespace[];
}

export interface InventoryNamespace {
  readonly namespace: string;
  /** Names, sorted. */
  readonly objects: readonly string[];
  readonly applySet: ApplySet;
}

/** What an earlier version has in a namespace and a later one has not. */
export interface Prune {
  readonly namespace: string;
  /** Names, sorted. */
  readonly objects: readonly string[];
  /** The later version has nothing in this namespace. */
  readonly namespaceLeaves: boolean;
}

/**
 * Takes the objects of one version; namespaces and names are sorted.
 * @example inventoryOf('dev', policies).namespaces[0]?.objects // ['allow-backend-egress', ...]
 */
export function inventoryOf(environment: string, policies: readonly NetworkPolicy[]): Inventory {
  const namespaces = [...namesByNamespace(policies)].map(([namespace, names]) => ({
    namespace,
    objects: [...names].sort(compareText),
    applySet: applySet(environment, namespace),
  }));
  return { objects: policies.length, applySet: applySet(environment), namespaces: namespaces.sort(byNamespace) };
}

/**
 * The objects to delete on the way from one version to another: renamed and moved ones under their old name, and all of a namespace that
 * the later version has left. `pruneList(a, a)` is empty.
 * @example pruneList(before, after) // [{ namespace: 'shop', objects: ['allow-cache-ingress'], namespaceLeaves: false }]
 */
export function pruneList(before: readonly NetworkPolicy[], after: readonly NetworkPolicy[]): Prune[] {
  const now = namesByNamespace(after);
  const prunes = [...namesByNamespace(before)].map(([namespace, names]) => ({
    namespace,
    objects: [...names].filter((name) => now.get(namespace)?.has(name) !== true).sort(compareText),
    namespaceLeaves: !now.has(namespace),
  }));
  return prunes.filter(({ objects }) => objects.length > 0).sort(byNamespace);
}

function namesByNamespace(policies: readonly NetworkPolicy[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { metadata } of policies) {
    const names = found.get(metadata.namespace);
    if (names === undefined) found.set(metadata.namespace, new Set([metadata.name]));
    else names.add(metadata.name);
  }
  return found;
}

function byNamespace(a: { readonly namespace: string }, b: { readonly namespace: string }): number {
  return compareText(a.namespace, b.namespace);
}
