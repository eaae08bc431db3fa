/** Addresses that are not for the world at large. */
export interface SpecialRange {
  readonly cidr: string;
  readonly what: string;
  /** Where that is laid down. */
  readonly source: string;
}

const range = (cidr: string, what: string, source: string): SpecialRange => ({ cidr, what, source });

/**
 * Every block of IPv4 that is not global unicast (IANA's IPv4 Special-Purpose Address Registry), and one that is global by its number only. What the
 * registry calls globally reachable is not in here.
 */
export const SPECIAL_IPV4: readonly SpecialRange[] = [
  range('0.0.0.0/8', 'this network', 'RFC 791'),
  range('10.0.0.0/8', 'private', 'RFC 1918'),
  range('100.64.0.0/10', 'shared with a carrier', 'RFC 6598'),
  range('127.0.0.0/8', 'loopback', 'RFC 1122'),
  // 169.254.169.254 is where clouds give credentials to whoever asks.
  range('169.254.0.0/16', 'link-local', 'RFC 3927'),
  range('172.16.0.0/12', 'private', 'RFC 1918'),
  range('192.0.0.0/24', 'protocol assignments', 'RFC 6890'),
  range('192.0.2.0/24', 'documentation', 'RFC 5737'),
  range('192.88.99.0/24', '6to4 relays', 'RFC 7526'),
  range('192.168.0.0/16', 'private', 'RFC 1918'),
  range('198.18.0.0/15', 'benchmarks', 'RFC 2544'),
  range('198.51.100.0/24', 'documentation', 'RFC 5737'),
  range('203.0.113.0/24', 'documentation', 'RFC 5737'),
  range('224.0.0.0/4', 'multicast', 'RFC 5771'),
  range('240.0.0.0/4', 'reserved', 'RFC 1112'),
  range('168.63.129.16/32', "the host's own services in Azure", 'Microsoft'),
];

/** Of IPv6 only this block is global unicast (RFC 4291 and IANA's IPv6 Address Space): all outside it is refused, by its name where it has one. */
export const GLOBAL_UNICAST = '2000::/3';

export const SPECIAL_IPV6: readonly SpecialRange[] = [
  range('::/128', 'unspecified', 'RFC 4291'),
  range('::1/128', 'loopback', 'RFC 4291'),
  range('::/96', 'IPv4-compatible', 'RFC 4291'),
  range('64:ff9b:1::/48', 'NAT64 within a network', 'RFC 8215'),
  range('100::/64', 'discarded', 'RFC 6666'),
  range('fc00::/7', 'unique-local', 'RFC 4193'),
  range('fe80::/10', 'link-local', 'RFC 4291'),
  range('fec0::/10', 'site-local', 'RFC 3879'),
  range('ff00::/8', 'multicast', 'RFC 4291'),
  // Both lead to the IPv4 address within; nobody serves there any more, so they are refused whatever it is.
  range('2001::/32', 'Teredo', 'RFC 4380'),
  range('2002::/16', '6to4', 'RFC 3056'),
  range('2001::/23', 'protocol assignments', 'RFC 2928'),
  range('2001:db8::/32', 'documentation', 'RFC 3849'),
  range('3fff::/20', 'documentation', 'RFC 9637'),
];

/** Blocks whose last 32 bits are the IPv4 address that is reached: judged as that one. NAT64 is how networks without IPv4 reach the rest. */
export const IPV4_WITHIN: readonly string[] = ['::ffff:0:0/96', '64:ff9b::/96'];
