import { type Cidr, contains, type Family, formatAddress, parseAddress, parseCidr } from '../model/cidr.js';
import { quote } from '../model/names.js';
import type { Violation } from '../model/violation.js';
import { GLOBAL_UNICAST, IPV4_WITHIN, SPECIAL_IPV4, SPECIAL_IPV6, type SpecialRange } from './special-ranges.js';

interface Known extends SpecialRange {
  readonly block: Cidr;
}

const known = (ranges: readonly SpecialRange[]): readonly Known[] =>
  ranges.map((range) => ({ ...range, block: blockOf(range.cidr) }));

const RANGES: Record<Family, readonly Known[]> = { IPv4: known(SPECIAL_IPV4), IPv6: known(SPECIAL_IPV6) };
const UNICAST = blockOf(GLOBAL_UNICAST);
const WITHIN = IPV4_WITHIN.map(blockOf);

/**
 * Whether webhooks may be sent to an address: only to those of the world at large, and to the networks that the operator allows. Whoever could
 * name any address would have the server speak to what only the server can reach.
 * @param text an address as a socket takes it, in any form of RFC 4291
 * @param allow CIDRs
 * @example outside('169.254.169.254', []) // { code: 'inside-address', detail: '169.254.169.254 is link-local (169.254.0.0/16, RFC 3927): ...' }
 */
export function outside(text: string, allow: readonly string[]): Violation | undefined {
  const address = parseAddress(text);
  if (address === undefined)
    return { code: 'inside-address', detail: `${quote(text)} is no address that can be judged` };
  const forms = [address, ...embedded(address)].map(({ family, value }) => hostOf(family, value));
  const allowed = allow.map(blockOf);
  if (forms.some((form) => allowed.some((block) => contains(block, form)))) return undefined;
  const found = special(forms.at(-1)!);
  if (found === undefined) return undefined;
  const where = found.cidr === '' ? found.source : `${found.cidr}, ${found.source}`;
  const detail = `${shown(forms)} is ${found.what} (${where}): webhooks are sent to global addresses, and to the networks of SLUICE_WEBHOOK_ALLOW`;
  return { code: 'inside-address', detail };
}

/**
 * True for an address of a network that the operator allows.
 * @example isAllowed('127.0.0.1', ['127.0.0.0/8']) // true
 */
export function isAllowed(text: string, allow: readonly string[]): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  const forms = [address, ...embedded(address)].map(({ family, value }) => hostOf(family, value));
  return allow.map(blockOf).some((block) => forms.some((form) => contains(block, form)));
}

/** The IPv4 address that is reached by this one of IPv6, if one is. */
function embedded({ family, value }: { family: Family; value: bigint }): { family: Family; value: bigint }[] {
  const host = hostOf(family, value);
  if (!WITHIN.some((block) => contains(block, host))) return [];
  return [{ family: 'IPv4', value: value & 0xffff_ffffn }];
}

function special(host: Cidr): SpecialRange | undefined {
  const found = RANGES[host.family].find(({ block }) => contains(block, host));
  if (found !== undefined || host.family === 'IPv4' || contains(UNICAST, host)) return found;
  return { cidr: '', what: 'not global unicast', source: `that is ${GLOBAL_UNICAST}, RFC 4291` };
}

function shown(forms: readonly Cidr[]): string {
  const texts = forms.map(({ family, first }) => formatAddress(family, first));
  return texts.length === 1 ? String(texts[0]) : `${texts[0]}, which leads to ${texts[1]},`;
}

function hostOf(family: Family, value: bigint): Cidr {
  return { family, first: value, last: value, prefix: family === 'IPv4' ? 32 : 128, hostBits: false };
}

function blockOf(text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`${text} is no CIDR`);
  return block;
}
