import type { Direction } from '../../evaluate/grants.js';
import type { PodSet } from '../pods/pod-set.js';
import type { End } from './ends.js';

/** What declares a rule: a flow (and the peer at its other end, where that is one), or a fact of the profile. */
export type Source =
  | { readonly kind: 'flow'; readonly flow: string; readonly peer: string | undefined }
  | { readonly kind: 'profile'; readonly fact: 'dns' | 'monitoring' };

/** One thing a tier may do: with this end, on ports by number (port-numbers.ts). */
export interface DeclaredRule {
  readonly end: End;
  readonly ports: number;
  readonly source: Source;
}

/** A tier of pods, and all that its own side is to allow. */
export interface DeclaredTier {
  readonly ref: string;
  readonly namespace: string;
  readonly set: PodSet;
  readonly rules: Readonly<Record<Direction, readonly DeclaredRule[]>>;
}

/** True where the tier's own side isolates its pods: outbound always, inbound where someone may come in. The default deny isolates all. */
export function isolates(tier: DeclaredTier, direction: Direction): boolean {
  return direction === 'egress' || tier.rules.ingress.length > 0;
}

/** The tiers of each namespace, in their order. */
export function tiersByNamespace(tiers: readonly DeclaredTier[]): ReadonlyMap<string, readonly DeclaredTier[]> {
  const groups = new Map<string, DeclaredTier[]>();
  for (const tier of tiers) {
    const group = groups.get(tier.namespace);
    if (group === undefined) groups.set(tier.namespace, [tier]);
    else group.push(tier);
  }
  return groups;
}
