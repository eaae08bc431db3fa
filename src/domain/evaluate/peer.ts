import { SluiceError } from '../errors.js';
import { quote } from '../model/names.js';
import { formatAddress, parseAddress } from '../model/cidr.js';
import { cidrRange, formatRange, type AddressRange } from './ranges.js';
import type { World, WorkloadPeer } from './world.js';

/** One end of a question: a workload of the world, or addresses outside it. */
export type Peer =
  | { readonly kind: 'workload'; readonly ref: string; readonly workload: WorkloadPeer }
  /** `address` is there where the range is a single one. */
  | { readonly kind: 'range'; readonly ref: string; readonly range: AddressRange; readonly address?: string };

/**
 * Finds who is meant by `namespace/name[Kind]`, by `namespace/name` where only one workload is called so, by an address, a
 * CIDR, or a range `first-last`, with or without `[External]`. Refuses anything else, naming it.
 * @example findPeer(world, 'shop/web') // { kind: 'workload', ref: 'shop/web[Deployment]', ... }
 */
export function findPeer(world: World, text: string): Peer {
  const range = parseRange(text.endsWith('[External]') ? text.slice(0, -'[External]'.length) : text);
  if (range !== undefined) return rangePeer(range);
  const found = world.byName.get(text) ?? [];
  const [workload, other] = found;
  if (workload === undefined)
    throw new SluiceError('not-found', `no workload is called ${quote(text)}, and it is no address`);
  if (other !== undefined) {
    throw new SluiceError(
      'invalid',
      `${quote(text)} could be ${found.map(({ ref }) => ref).join(' or ')}: add the kind in brackets`,
    );
  }
  return { kind: 'workload', ref: workload.ref, workload };
}

function rangePeer(range: AddressRange): Peer {
  const address = range.first === range.last ? { address: formatAddress(range.family, range.first) } : {};
  return { kind: 'range', ref: formatRange(range), range, ...address };
}

function parseRange(text: string): AddressRange | undefined {
  if (text.includes('/')) return cidrRange(text);
  const dash = text.indexOf('-');
  const first = parseAddress(dash < 0 ? text : text.slice(0, dash));
  const last = parseAddress(dash < 0 ? text : text.slice(dash + 1));
  if (first === undefined || last === undefined || first.family !== last.family || first.value > last.value)
    return undefined;
  return { family: first.family, first: first.value, last: last.value };
}
