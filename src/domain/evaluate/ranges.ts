import { formatAddress, parseCidr, type Family } from '../model/cidr.js';
import type { IpBlock } from '../kubernetes/network-policy.js';
import { intervalsOf, type Intervals } from './intervals.js';

/** Addresses outside the cluster that no ipBlock tells apart: from `first` to `last`, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const WHOLE: Record<Family, AddressRange> = {
  IPv4: { family: 'IPv4', first: 0n, last: 2n ** 32n - 1n },
  IPv6: { family: 'IPv6', first: 0n, last: 2n ** 128n - 1n },
};

/** The addresses of one CIDR; nothing for a text that is none. */
export function cidrRange(text: string): AddressRange | undefined {
  const cidr = parseCidr(text);
  return cidr === undefined ? undefined : { family: cidr.family, first: cidr.first, last: cidr.last };
}

/**
 * The addresses of a block: those of its CIDR without those of its excepts, ascending and apart.
 * @example blockRanges({ cidr: '10.0.0.0/8', except: ['10.0.0.0/9'] }) // [10.128.0.0-10.255.255.255]
 */
export function blockRanges(block: IpBlock): readonly AddressRange[] {
  const whole = cidrRange(block.cidr);
  if (whole === undefined) return [];
  const holes = (block.except ?? [])
    .flatMap((text) => cidrRange(text) ?? [])
    .filter((hole) => hole.family === whole.family && hole.first <= whole.last)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  const ranges: AddressRange[] = [];
  let first = whole.first;
  for (const hole of holes) {
    if (hole.first > first) ranges.push({ ...whole, first, last: hole.first - 1n });
    if (hole.last >= first) first = hole.last + 1n;
  }
  return first <= whole.last ? [...ranges, { ...whole, first }] : ranges;
}

/**
 * Cuts the addresses of the families where any block begins or ends: IPv4 first, ascending, without a gap.
 * @example cutRanges([{ cidr: '128.0.0.0/1' }], ['IPv4']).map(formatRange) // ['0.0.0.0-127.255.255.255[External]', '128.0.0.0-...']
 */
export function cutRanges(blocks: readonly IpBlock[], families: readonly Family[]): readonly AddressRange[] {
  const cuts: Record<Family, Set<bigint>> = { IPv4: new Set(), IPv6: new Set() };
  for (const { family, first, last } of blocks.flatMap(blockRanges)) cuts[family].add(first).add(last + 1n);
  return families.flatMap((family) => cutFamily(WHOLE[family], cuts[family]));
}

function cutFamily(whole: AddressRange, cuts: ReadonlySet<bigint>): AddressRange[] {
  const inside = [...cuts].filter((cut) => cut > whole.first && cut <= whole.last);
  const starts = [whole.first, ...inside.sort((a, b) => (a < b ? -1 : 1))];
  return starts.map((first, i) => ({ family: whole.family, first, last: (starts[i + 1] ?? whole.last + 1n) - 1n }));
}

/** The indexes of the ranges that the block covers, in a cut in which it took part. */
export function rangesInBlock(ranges: readonly AddressRange[], block: IpBlock): Intervals {
  return intervalsOf(
    blockRanges(block).flatMap(({ family, first, last }): [number, number][] => {
      const from = rangeOfAddress(ranges, family, first);
      const to = rangeOfAddress(ranges, family, last);
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
}

/** The index of the range that holds the address, by bisection; nothing where the family has no ranges. */
export function rangeOfAddress(ranges: readonly AddressRange[], family: Family, value: bigint): number | undefined {
  let low = 0;
  let high = ranges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startsAfter(ranges[middle], family, value)) high = middle - 1;
    else low = middle;
  }
  return ranges[low]?.family === family ? low : undefined;
}

function startsAfter(range: AddressRange | undefined, family: Family, value: bigint): boolean {
  if (range === undefined) return true;
  return range.family === family ? range.first > value : range.family === 'IPv6';
}

/** True where the block covers the address: in its CIDR and in none of its excepts. */
export function blockHolds(block: IpBlock, family: Family, value: bigint): boolean {
  const within = (text: string): boolean => {
    const range = cidrRange(text);
    return range !== undefined && range.family === family && range.first <= value && value <= range.last;
  };
  return within(block.cidr) && !(block.except ?? []).some(within);
}

/** `first-last[External]`, as the answers call it. */
export function formatRange(range: AddressRange): string {
  return `${formatAddress(range.family, range.first)}-${formatAddress(range.family, range.last)}[External]`;
}
