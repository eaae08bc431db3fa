import { quote } from './names.js';
import type { Violation } from './violation.js';

export type Family = 'IPv4' | 'IPv6';

/** A block of addresses as Kubernetes' ipBlock has it: `cidr` without the blocks in `except`. */
export interface CidrBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** A parsed CIDR: the first address as a number, the prefix length, and the last address. */
export interface Cidr {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
  /** True where the text had bits set beyond the prefix, as in 10.1.2.3/8. */
  readonly hostBits: boolean;
}

const WIDTH: Record<Family, number> = { IPv4: 32, IPv6: 128 };

/**
 * Reads an IPv4 or IPv6 address (RFC 4291 text forms; no zone, no leading zeros in IPv4). Gives nothing for anything else.
 * @example parseAddress('10.0.0.1') // { family: 'IPv4', value: 167772161n }
 */
export function parseAddress(text: string): { family: Family; value: bigint } | undefined {
  if (text.includes(':')) {
    const value = parseIPv6(text);
    return value === undefined ? undefined : { family: 'IPv6', value };
  }
  const value = parseIPv4(text);
  return value === undefined ? undefined : { family: 'IPv4', value };
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function parseIPv6(text: string): bigint | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return groups.reduce((value, group) => value * 65536n + BigInt(group), 0n);
}

function parseGroups(text: string, mayEndInIPv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInIPv4 && index === parts.length - 1 && part.includes('.')) {
      const v4 = parseIPv4(part);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/**
 * Reads `address/prefix` of either family. Gives nothing for a bare address or any other text.
 * @example parseCidr('10.0.0.0/8') // { family: 'IPv4', first: 167772160n, last: 184549375n, prefix: 8, hostBits: false }
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  const width = WIDTH[address.family];
  if (prefix > width) return undefined;
  const mask = (1n << BigInt(width - prefix)) - 1n;
  const first = address.value & ~mask;
  return { family: address.family, first, last: first | mask, prefix, hostBits: first !== address.value };
}

/** The canonical text: IPv4 dotted, IPv6 by RFC 5952, then the prefix length. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.family, cidr.first)}/${cidr.prefix}`;
}

/**
 * The canonical text of an address (RFC 5952 for IPv6).
 * @example formatAddress('IPv6', 1n) // '::1'
 */
export function formatAddress(family: Family, value: bigint): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let run = 0;
  for (const [index, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0;
    if (run > best.length) best = { start: index - run + 1, length: run };
  }
  return best;
}

/** True where every address of `inner` lies in `outer` (never across families). */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/**
 * A CIDR of either family with no bits beyond its prefix.
 * @example cidr('10.1.2.3/8') // { code: 'cidr-host-bits', detail: '"10.1.2.3/8" has bits set beyond its prefix: did you mean 10.0.0.0/8?' }
 */
export function cidr(text: string): Violation | undefined {
  const parsed = parseCidr(text);
  if (parsed === undefined) {
    return {
      code: 'cidr',
      detail: `${quote(text)} is not a CIDR: use an IPv4 or IPv6 address and a prefix length, as in 10.0.0.0/8 or 2001:db8::/32`,
    };
  }
  if (!parsed.hostBits) return undefined;
  return {
    code: 'cidr-host-bits',
    detail: `${quote(text)} has bits set beyond its prefix: did you mean ${formatCidr(parsed)}?`,
  };
}

/**
 * One `except` of a block: a CIDR strictly inside it, as the API server demands (contained, and a longer prefix).
 * @example except('10.0.0.0/8', '11.0.0.0/16') // { code: 'cidr-except', ... }
 */
export function except(block: string, text: string): Violation | undefined {
  const own = cidr(text);
  const outer = parseCidr(block);
  const inner = parseCidr(text);
  if (own !== undefined || outer === undefined || inner === undefined) return own;
  if (contains(outer, inner) && inner.prefix > outer.prefix) return undefined;
  return {
    code: 'cidr-except',
    detail: `${quote(text)} is not strictly inside ${block}: an except must be a smaller block of the same family within the cidr`,
  };
}

/** By family, first address, then prefix: a total order of canonical CIDRs. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family === 'IPv4' ? -1 : 1;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}
