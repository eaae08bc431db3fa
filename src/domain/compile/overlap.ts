import { compareText } from '../errors.js';
import type { Finding } from '../finding.js';
import { canOverlap, isSubset } from '../model/selector.js';
import { finding } from './findings.js';
import type { TierOfPods } from './compiled.js';

/** Pairs of selectors compared in one namespace, at most: it bounds the time that a namespace of thousands of unlike selectors takes. */
const PAIRS_MAX = 20_000;
const NAMED_MAX = 3;

interface Overlap {
  readonly others: string[];
  /** All pods of one of two tiers belong to the other: certain, where other overlaps are only possible. */
  certain: boolean;
}

/**
 * Tiers of one namespace that could share a pod. Such a pod is selected by the objects of both and may do what either may, and a first
 * apply can cut it. A warning where all pods of one tier are pods of another, info where labels may or may not meet.
 * @example findOverlaps('shop', [web, webCanary]) // [{ code: 'tiers-overlap', path: 'tier/shop/web', ... }]
 */
export function findOverlaps(namespace: string, tiers: readonly TierOfPods[]): Finding[] {
  const overlaps = new Map<string, Overlap>();
  let pairs = 0;
  for (const [one, other] of candidatePairs(tiers)) {
    if (++pairs > PAIRS_MAX) return [...overlapFindings(namespace, overlaps), unchecked(namespace, tiers.length)];
    if (canOverlap(one.podSelector, other.podSelector)) addOverlap(overlaps, one, other);
  }
  return overlapFindings(namespace, overlaps);
}

/** The pairs that no label keeps apart at first sight: those with the same value of the most telling label, and those without it. */
function* candidatePairs(tiers: readonly TierOfPods[]): Generator<readonly [TierOfPods, TierOfPods]> {
  const key = mostTellingKey(tiers);
  const met = new Map<string, TierOfPods[]>();
  const all: TierOfPods[] = [];
  const loose: TierOfPods[] = [];
  for (const tier of tiers) {
    const value = key === undefined ? undefined : labelOf(tier, key);
    const same = value === undefined ? undefined : (met.get(value) ?? []);
    for (const other of same === undefined ? all : [...same, ...loose]) yield [other, tier];
    if (value === undefined) loose.push(tier);
    else if (same?.push(tier) === 1) met.set(value, same);
    all.push(tier);
  }
}

/** The label with the most different values: mostly `app`, or what stands for it. */
function mostTellingKey(tiers: readonly TierOfPods[]): string | undefined {
  const values = new Map<string, Set<string>>();
  for (const tier of tiers) {
    for (const [key, value] of Object.entries(tier.podSelector.matchLabels ?? {})) {
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  return [...values].sort((a, b) => b[1].size - a[1].size || compareText(a[0], b[0]))[0]?.[0];
}

function labelOf(tier: TierOfPods, key: string): string | undefined {
  const labels = tier.podSelector.matchLabels;
  // A label may be called `constructor`: never ask an object for a key it may inherit.
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function addOverlap(overlaps: Map<string, Overlap>, one: TierOfPods, other: TierOfPods): void {
  const certain = isSubset(one.podSelector, other.podSelector) || isSubset(other.podSelector, one.podSelector);
  for (const [tier, against] of [[one, other] as const, [other, one] as const]) {
    const overlap = overlaps.get(tier.ref) ?? { others: [], certain: false };
    overlap.others.push(against.ref);
    overlap.certain ||= certain;
    overlaps.set(tier.ref, overlap);
  }
}

function overlapFindings(namespace: string, overlaps: ReadonlyMap<string, Overlap>): Finding[] {
  return [...overlaps].map(([ref, { others, certain }]) => {
    const more = others.length > NAMED_MAX ? ` and ${others.length - NAMED_MAX} more` : '';
    const named = `${others
      .sort(compareText)
      .slice(0, NAMED_MAX)
      .map((other) => `"${other}"`)
      .join(', ')}${more}`;
    const shares = certain ? 'shares' : 'could share';
    const message = `tier "${ref}" ${shares} pods with tier ${named} in namespace "${namespace}": such pods have the rights of each`;
    return finding('tiers-overlap', `tier/${ref}`, message, certain ? 'warning' : 'info');
  });
}

function unchecked(namespace: string, tiers: number): Finding {
  const message = `namespace "${namespace}" has ${tiers} tiers whose labels do not tell them apart: only ${PAIRS_MAX} pairs of them were compared`;
  return finding('overlap-unchecked', `namespace/${namespace}`, message);
}
