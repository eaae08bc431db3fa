import type { AddressRange } from '../../evaluate/ranges.js';
import { contains, formatCidr, parseCidr, type Cidr, type CidrBlock } from '../../model/cidr.js';

/** Private ranges, which are no part of the internet: RFC 1918, RFC 6598, RFC 3927; RFC 4193 and link-local of RFC 4291. */
const PRIVATE_RANGES: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** Addresses as declared: the ranges that are meant, and the CIDRs at whose borders they begin and end. */
export interface Addresses {
  readonly ranges: readonly AddressRange[];
  readonly cidrs: readonly string[];
}

/**
 * The addresses of blocks, nothing where there are none. A block with a text that is no CIDR, or of which one `except` takes
 * all, has no addresses: such a block is never rendered.
 * @example addressesOf([{ cidr: '10.0.0.0/31', except: ['10.0.0.0/32'] }])?.ranges.length // 1: only 10.0.0.1
 */
export function addressesOf(blocks: readonly CidrBlock[]): Addresses | undefined {
  const read = blocks.map(readBlock).filter((block) => block !== undefined);
  if (read.length === 0) return undefined;
  return {
    ranges: read.flatMap(({ cidr, excepts }) => without(cidr, excepts)),
    cidrs: read.flatMap(({ cidr, excepts }) => [cidr, ...excepts].map(formatCidr)),
  };
}

/** Both families without the private ranges, or without what the peer excepts. */
export function internetAddresses(except: readonly string[] = PRIVATE_RANGES): Addresses | undefined {
  return addressesOf([
    { cidr: '0.0.0.0/0', except: except.filter((text) => !text.includes(':')) },
    { cidr: '::/0', except: except.filter((text) => text.includes(':')) },
  ]);
}

interface ReadBlock {
  readonly cidr: Cidr;
  readonly excepts: readonly Cidr[];
}

function readBlock(block: CidrBlock): ReadBlock | undefined {
  const cidr = parseCidr(block.cidr);
  const texts = block.except ?? [];
  const excepts = texts.map(parseCidr).filter((except) => except !== undefined);
  if (cidr === undefined || excepts.length < texts.length) return undefined;
  return excepts.some((except) => contains(except, cidr)) ? undefined : { cidr, excepts };
}

function without(cidr: Cidr, excepts: readonly Cidr[]): AddressRange[] {
  const { family, first, last } = cidr;
  let pieces: AddressRange[] = [{ family, first, last }];
  for (const except of excepts) pieces = pieces.flatMap((piece) => cutOut(piece, except));
  return pieces;
}

function cutOut(piece: AddressRange, except: Cidr): AddressRange[] {
  if (except.family !== piece.family || except.last < piece.first || except.first > piece.last) return [piece];
  const below = { ...piece, last: except.first - 1n };
  const above = { ...piece, first: except.last + 1n };
  return [below, above].filter(({ first, last }) => first <= last);
}
