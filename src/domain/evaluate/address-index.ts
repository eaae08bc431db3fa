import type { IpBlock } from '../kubernetes/network-policy.js';
import type { Family } from '../model/cidr.js';
import type { EvaluateOptions } from './options.js';
import type { PodClass } from './pod-class.js';
import { blockHolds, cidrRange } from './ranges.js';

/** The pods that a block matches by an address of its family. */
export type PodsInBlock = (block: IpBlock) => readonly { readonly id: number; readonly family: Family }[];

interface Entry {
  readonly id: number;
  readonly value: bigint;
}

/** Indexes the pods by address, so that a block costs what it holds. */
export function podsInBlock(classes: readonly PodClass[], options: EvaluateOptions): PodsInBlock {
  if (!options.ipBlockMatchesPods) return () => [];
  const known = { IPv4: entriesOf(classes, 'IPv4'), IPv6: entriesOf(classes, 'IPv6') };
  const unknown = classes.filter(({ addresses }) => addresses.length === 0).map(({ id }) => id);
  return (block) => {
    const range = cidrRange(block.cidr);
    if (range === undefined) return [];
    const { family } = range;
    const inside = slice(known[family], range.first, range.last).filter(({ value }) =>
      blockHolds(block, family, value),
    );
    const guessed = holdsUnknown(block, options) ? unknown : [];
    return [...inside.map(({ id }) => id), ...guessed].map((id) => ({ id, family }));
  };
}

/** True where the block is taken to match a pod whose address nobody knows. */
export function holdsUnknown(block: IpBlock, options: EvaluateOptions): boolean {
  return options.ipBlockMatchesPods && (options.unknownAddresses === 'possible' || isAllOfIPv4(block));
}

/** Only a block of all of IPv4 is sure to hold a pod whose address nobody knows. */
function isAllOfIPv4(block: IpBlock): boolean {
  return block.cidr.endsWith('/0') && !block.cidr.includes(':') && (block.except ?? []).length === 0;
}

function entriesOf(classes: readonly PodClass[], family: Family): Entry[] {
  const entries = classes.flatMap(({ id, addresses }) =>
    addresses.filter((address) => address.family === family).map(({ value }) => ({ id, value })),
  );
  return entries.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}

function slice(entries: readonly Entry[], first: bigint, last: bigint): Entry[] {
  return entries.slice(
    countBelow(entries, (value) => value < first),
    countBelow(entries, (value) => value <= last),
  );
}

/** How many entries at the beginning are `below`, by bisection. */
function countBelow(entries: readonly Entry[], below: (value: bigint) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(entries[middle]?.value ?? 0n)) low = middle + 1;
    else high = middle;
  }
  return low;
}
