import type { IpBlock } from '../kubernetes/network-policy.js';
import { parseAddress, parseCidr } from '../model/cidr.js';
import type { AddressRange } from '../evaluate/ranges.js';
import { blockRanges, cidrRange } from '../evaluate/ranges.js';

/** How much of the world a set of blocks holds. */
export type Extent =
  /** Every address of a family, private ones and the cluster's own too. */
  | 'everywhere'
  /** Every public address of a family, at most some private ranges left out. */
  | 'internet'
  | 'somewhere';

/** What no server of the internet has: private, special and multicast ranges. https://www.iana.org/assignments/iana-ipv4-special-registry */
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** All that was ever given out of IPv6 lies in one block. */
const PUBLIC = ['2000::/3'].flatMap((text) => cidrRange(text) ?? []);
const EVERYTHING = ['0.0.0.0/0', '::/0'].flatMap((text) => cidrRange(text) ?? []);

/** The address at which a cloud tells a machine its credentials. */
const METADATA = parseAddress('169.254.169.254');

/**
 * How much a set of blocks holds together: 0.0.0.0/1 and 128.0.0.0/1 are everywhere as 0.0.0.0/0 is.
 * @example extentOf([{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }]) // 'internet'
 */
export function extentOf(blocks: readonly IpBlock[]): Extent {
  const held = blocks.flatMap(blockRanges);
  if (held.length === 0) return 'somewhere';
  if (EVERYTHING.some((whole) => holdsRange(held, whole))) return 'everywhere';
  const reserved = RESERVED.flatMap((text) => cidrRange(text) ?? []);
  const public4 = EVERYTHING.filter(({ family }) => family === 'IPv4');
  const isInternet =
    public4.some((whole) => holdsRange([...held, ...reserved], whole)) || PUBLIC.some((part) => holdsRange(held, part));
  return isInternet ? 'internet' : 'somewhere';
}

/** True where the blocks hold the address of the cloud's metadata, without naming just that address or its neighbours. */
export function holdsMetadata(blocks: readonly IpBlock[]): boolean {
  return blocks.some((block) => {
    const wide = (parseCidr(block.cidr)?.prefix ?? 32) < 16;
    return wide && METADATA !== undefined && holdsRange(blockRanges(block), rangeOf(METADATA));
  });
}

function rangeOf({ family, value }: { family: AddressRange['family']; value: bigint }): AddressRange {
  return { family, first: value, last: value };
}

/**
 * True where every address of `inner` is in one of `ranges`.
 * @example holdsRange([0.0.0.0-127.255.255.255, 128.0.0.0-255.255.255.255], 0.0.0.0-255.255.255.255) // true
 */
export function holdsRange(ranges: readonly AddressRange[], inner: AddressRange): boolean {
  const sorted = ranges.filter(({ family }) => family === inner.family).sort((a, b) => (a.first < b.first ? -1 : 1));
  let next = inner.first;
  for (const { first, last } of sorted) {
    if (first > next) break;
    if (last >= next) next = last + 1n;
  }
  return next > inner.last;
}
