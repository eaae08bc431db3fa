import { compareText } from '../errors.js';
import { compareCidrs, contains, formatCidr, parseCidr, type Cidr, type CidrBlock } from '../model/cidr.js';
import type { BlockPeer } from './compiled.js';

/** RFC 1918, RFC 6598 and link-local (RFC 3927); unique-local (RFC 4193) and link-local (RFC 4291). */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** The blocks that could be read and hold an address, and the texts of those that could not. */
export interface Addresses {
  readonly blocks: readonly BlockPeer[];
  readonly leftOut: readonly string[];
}

/**
 * Blocks in canonical form. A block with a text that is no CIDR is left out as a whole: to leave out only its `except` would open more
 * than was said.
 * @example addresses([{ cidr: '10.1.2.3/8' }]).blocks[0]?.cidr // '10.0.0.0/8'
 */
export function addresses(blocks: readonly CidrBlock[]): Addresses {
  const made = blocks.map((block) => ({ block, peer: blockPeer(block) }));
  return {
    blocks: made.flatMap(({ peer }) => (peer === undefined ? [] : [peer])),
    leftOut: made.flatMap(({ block, peer }) =>
      peer === undefined ? [[block.cidr, ...(block.except ?? [])].join(' except ')] : [],
    ),
  };
}

/**
 * Both families without the private ranges, or without `except` where that is given. A family that `except` names whole is no part of it.
 * @example internet(['::/0']).blocks.map((block) => block.cidr) // ['0.0.0.0/0']
 */
export function internet(except: readonly string[] = PRIVATE): Addresses {
  const isFamily = (v6: boolean) => (text: string) => text.includes(':') === v6;
  const families = [
    { cidr: '0.0.0.0/0', except: except.filter(isFamily(false)) },
    { cidr: '::/0', except: except.filter(isFamily(true)) },
  ];
  return addresses(families.filter((family) => !family.except.some((text) => parseCidr(text)?.prefix === 0)));
}

function blockPeer(block: CidrBlock): BlockPeer | undefined {
  const range = parseCidr(block.cidr);
  const excepts = (block.except ?? []).map(parseCidr);
  if (range === undefined || !excepts.every((except) => except !== undefined)) return undefined;
  if (excepts.some((except) => contains(except, range))) return undefined;
  const exceptRanges = outermost(excepts.filter((except) => contains(range, except)));
  const key = [range, ...exceptRanges].map(sortable).join(' ');
  return { kind: 'block', cidr: formatCidr(range), except: exceptRanges.map(formatCidr), range, exceptRanges, key };
}

/** Sorted, without those that lie in another one. In this order what holds a block comes just before what it holds. */
function outermost(ranges: readonly Cidr[]): Cidr[] {
  const kept: Cidr[] = [];
  for (const range of [...ranges].sort(compareCidrs)) {
    const before = kept.at(-1);
    if (before === undefined || !contains(before, range)) kept.push(range);
  }
  return kept;
}

/** A text that orders as compareCidrs does, after every key of pods (`in ...`). */
function sortable(cidr: Cidr): string {
  return `ip ${cidr.family} ${cidr.first.toString(16).padStart(32, '0')}/${String(cidr.prefix).padStart(3, '0')}`;
}

/**
 * Without repeats and without blocks that another one holds whole, sorted. CIDRs nest or are apart, so one walk in order with the
 * stack of the blocks around the present one finds them all.
 */
export function widestBlocks(blocks: readonly BlockPeer[]): BlockPeer[] {
  const kept: BlockPeer[] = [];
  const around: BlockPeer[] = [];
  for (const block of [...blocks].sort((a, b) => compareText(a.key, b.key))) {
    while (around.some((outer) => !contains(outer.range, block.range))) around.pop();
    if (around.some((outer) => holdsWhole(outer, block))) continue;
    kept.push(block);
    around.push(block);
  }
  return kept;
}

/** No address of `inner` is excepted from `outer`, unless `inner` excepts it too. */
function holdsWhole(outer: BlockPeer, inner: BlockPeer): boolean {
  if (!contains(outer.range, inner.range)) return false;
  return outer.exceptRanges.every((except) => {
    const apart = !contains(except, inner.range) && !contains(inner.range, except);
    return apart || inner.exceptRanges.some((own) => contains(own, except));
  });
}
