import type { NetworkPolicy } from '../../kubernetes/network-policy.js';
import type { Space, Spaces } from '../spaces/space.js';

/** Whose sides are asked about. */
export interface Scope {
  readonly asks: (namespace: string) => boolean;
  /** The objects of those namespaces. */
  readonly objects: readonly NetworkPolicy[];
  /** All other objects: their blocks cut the ranges too. */
  readonly cutAlsoBy: readonly NetworkPolicy[];
}

export function everyNamespace({ all }: Spaces): Scope {
  return { asks: () => true, objects: objectsOf(all), cutAlsoBy: [] };
}

export function changedNamespaces({ all, changed }: Spaces): Scope {
  const asks = (namespace: string): boolean => changed.has(namespace);
  return {
    asks,
    objects: objectsOf(all.filter(({ namespace }) => asks(namespace))),
    cutAlsoBy: objectsOf(all.filter(({ namespace }) => !asks(namespace))),
  };
}

function objectsOf(spaces: readonly Space[]): NetworkPolicy[] {
  return spaces.flatMap(({ objects }) => objects);
}
