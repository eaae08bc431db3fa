import { parseCidr, type Cidr } from '../model/cidr.js';

/** A CIDR as the API server reads it, and whether strict readers (KEP-4858) would refuse the text. */
export interface LenientCidr {
  readonly cidr: Cidr;
  readonly legacy: boolean;
}

const LEADING_ZEROS = /(^|[./])0+(?=[0-9])/g;

/**
 * Reads a CIDR with the leniency of old objects: leading zeros (read as decimal) and bits beyond the prefix. Gives nothing for
 * a bare address or any other text.
 * @example lenientCidr('010.1.2.3/8') // { cidr: 10.0.0.0/8, legacy: true }
 */
export function lenientCidr(text: string): LenientCidr | undefined {
  const plain = text.includes(':') ? text.replace(/\/0+(?=[0-9])/, '/') : text.replace(LEADING_ZEROS, '$1');
  const cidr = parseCidr(plain);
  if (cidr === undefined) return undefined;
  const mapped = cidr.family === 'IPv6' && cidr.first >> 32n === 0xffffn;
  return { cidr, legacy: plain !== text || cidr.hostBits || mapped };
}
