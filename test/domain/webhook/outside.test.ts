import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseCidr } from '../../../src/domain/model/cidr.js';
import { isAllowed, outside } from '../../../src/domain/webhook/outside.js';
import { SPECIAL_IPV4, SPECIAL_IPV6 } from '../../../src/domain/webhook/special-ranges.js';
import { loggedUrl, mayBeSentTo, webhookUrl } from '../../../src/domain/webhook/webhook-url.js';
import { runs } from '../../support/runs.js';

/** Each as a URL may spell it, and a word of the refusal. */
const INSIDE = [
  ['https://127.0.0.1/', 'loopback (127.0.0.0/8, RFC 1122)'],
  ['https://127.0.0.1.:8443/', 'loopback'],
  ['https://127.1/', 'loopback'],
  ['https://0x7f.1/', 'loopback'],
  ['https://0x7f000001/', 'loopback'],
  ['https://0177.0.0.1/', 'loopback'],
  ['https://017700000001/', 'loopback'],
  ['https://2130706433/', 'loopback'],
  ['https://%31%32%37.0.0.1/', 'loopback'],
  ['https://0/', 'this network (0.0.0.0/8, RFC 791)'],
  ['https://10.1.2.3/', 'private (10.0.0.0/8, RFC 1918)'],
  ['https://172.31.255.255/', 'private (172.16.0.0/12, RFC 1918)'],
  ['https://192.168.1.1/', 'private (192.168.0.0/16, RFC 1918)'],
  ['https://0xc0a80101/', 'private'],
  ['https://100.64.0.1/', 'shared with a carrier (100.64.0.0/10, RFC 6598)'],
  ['https://169.254.169.254/latest/meta-data', 'link-local (169.254.0.0/16, RFC 3927)'],
  ['https://0xa9fea9fe/', 'link-local'],
  ['https://192.0.0.192/', 'protocol assignments (192.0.0.0/24, RFC 6890)'],
  ['https://192.0.2.1/', 'documentation (192.0.2.0/24, RFC 5737)'],
  ['https://198.51.100.1/', 'documentation'],
  ['https://203.0.113.1/', 'documentation'],
  ['https://198.19.255.255/', 'benchmarks (198.18.0.0/15, RFC 2544)'],
  ['https://224.0.0.1/', 'multicast (224.0.0.0/4, RFC 5771)'],
  ['https://255.255.255.255/', 'reserved (240.0.0.0/4, RFC 1112)'],
  ['https://168.63.129.16/', 'services in Azure'],
  ['https://[::]/', 'unspecified (::/128, RFC 4291)'],
  ['https://[::1]/', 'loopback (::1/128, RFC 4291)'],
  ['https://[0:0:0:0:0:0:0:1]/', 'loopback'],
  ['https://[::127.0.0.1]/', 'IPv4-compatible (::/96, RFC 4291)'],
  ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1, which leads to 127.0.0.1, is loopback'],
  ['https://[::ffff:a9fe:a9fe]/', 'link-local'],
  ['https://[64:ff9b::10.0.0.1]/', '64:ff9b::a00:1, which leads to 10.0.0.1, is private'],
  ['https://[64:ff9b:1::a00:1]/', 'NAT64 within a network (64:ff9b:1::/48, RFC 8215)'],
  ['https://[fe80::1]/', 'link-local (fe80::/10, RFC 4291)'],
  ['https://[fec0::1]/', 'site-local (fec0::/10, RFC 3879)'],
  ['https://[fd00:ec2::254]/', 'unique-local (fc00::/7, RFC 4193)'],
  ['https://[ff02::1]/', 'multicast (ff00::/8, RFC 4291)'],
  ['https://[2001:0:7f00:1::]/', 'Teredo (2001::/32, RFC 4380)'],
  ['https://[2002:7f00:1::]/', '6to4 (2002::/16, RFC 3056)'],
  ['https://[2001:2::1]/', 'protocol assignments (2001::/23, RFC 2928)'],
  ['https://[2001:db8::1]/', 'documentation (2001:db8::/32, RFC 3849)'],
  ['https://[3fff::1]/', 'documentation (3fff::/20, RFC 9637)'],
  ['https://[100::1]/', 'discarded (100::/64, RFC 6666)'],
  ['https://[4000::1]/', 'not global unicast (that is 2000::/3, RFC 4291)'],
] as const;

describe('an address inside', () => {
  it.each(INSIDE)('%s is refused as %s', (url, words) => {
    expect(webhookUrl(url)).toBeUndefined();
    const violation = mayBeSentTo(url, []);
    expect(violation?.code).toBe('inside-address');
    expect(violation?.detail).toContain(words);
    expect(violation?.detail).toContain('SLUICE_WEBHOOK_ALLOW');
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '192.31.196.1',
    '172.32.0.1',
  ])('%s is none', (address) => expect(outside(address, [])).toBeUndefined());

  it.each(['', 'localhost', '127.0.0.1%1', 'fe80::1%eth0', '1.2.3', '1.2.3.4.5'])(
    'what cannot be judged is refused: "%s"',
    (text) => expect(outside(text, ['0.0.0.0/0', '::/0'])?.code).toBe('inside-address'),
  );

  it('is refused at both ends of every range, and none beside it is refused for that range', () => {
    for (const { cidr, what } of [...SPECIAL_IPV4, ...SPECIAL_IPV6]) {
      const { family, first, last } = parseCidr(cidr)!;
      for (const end of [first, last])
        expect(outside(formatAddress(family, end), []), `${formatAddress(family, end)} in ${cidr}`).toBeDefined();
      for (const beside of [first - 1n, last + 1n].filter(
        (value) => value >= 0n && value < 1n << (family === 'IPv4' ? 32n : 128n),
      ))
        expect(outside(formatAddress(family, beside), [])?.detail ?? '').not.toContain(`${what} (${cidr}`);
    }
  });

  it('is refused as IPv4 and as the IPv6 that leads there alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (number) => {
        const value = BigInt(number);
        const plain = outside(formatAddress('IPv4', value), []) === undefined;
        for (const prefix of [0xffffn << 32n, 0x64ff9bn << 96n])
          expect(outside(formatAddress('IPv6', prefix | value), []) === undefined).toBe(plain);
      }),
      runs(300),
    );
  });

  it('is reached where its network is allowed, also by an IPv6 address that leads there', () => {
    expect(outside('127.0.0.1', ['127.0.0.0/8'])).toBeUndefined();
    expect(outside('::ffff:127.0.0.1', ['127.0.0.0/8'])).toBeUndefined();
    expect(outside('127.0.0.1', ['10.0.0.0/8', '::1/128'])).toBeDefined();
    expect(outside('fd12::1', ['fd12::/16'])).toBeUndefined();
    expect(isAllowed('8.8.8.8', ['10.0.0.0/8'])).toBe(false);
  });
});

describe('the address of a receiver', () => {
  it.each([
    ['ftp://example.com/', 'is no address of a receiver'],
    ['//example.com/', 'is no address of a receiver'],
    ['https://', 'is no address of a receiver'],
    ['https://exa mple.com/', 'is no address of a receiver'],
    [' https://example.com/', 'is no address of a receiver'],
    ['https://example.com/\n', 'is no address of a receiver'],
    ['https://bücher.example/', 'is no address of a receiver'],
    ['https://example.com:99999/', 'is no address of a receiver'],
    ['https://256.1.1.1/', 'is no address of a receiver'],
    ['https://me@example.com/', 'a user name or a password'],
    ['https://:geheim@example.com/', 'a user name or a password'],
    ['https://@example.com/', 'a user name or a password'],
    ['https://example.com/#there', 'a fragment'],
    ['https://example.com/#', 'a fragment'],
  ])('%j is refused', (url, words) => {
    const violation = webhookUrl(url);
    expect(violation?.detail).toContain(words);
    expect(violation?.detail).not.toContain('geheim');
  });

  it('is https, but in networks that are allowed', () => {
    expect(mayBeSentTo('https://hooks.example.com:8443/a?b=c', [])).toBeUndefined();
    expect(mayBeSentTo('http://hooks.example.com/', [])?.code).toBe('webhook-without-tls');
    expect(mayBeSentTo('http://8.8.8.8/', ['10.0.0.0/8'])?.code).toBe('webhook-without-tls');
    expect(mayBeSentTo('http://127.0.0.1/', ['10.0.0.0/8'])?.code).toBe('webhook-without-tls');
    expect(mayBeSentTo('http://10.1.2.3/', ['10.0.0.0/8'])).toBeUndefined();
    // which address a name has is seen when it is connected to
    expect(mayBeSentTo('http://sluice.shop.svc/', ['10.0.0.0/8'])).toBeUndefined();
  });

  it('stands in the log without what may be a secret', () => {
    const fingerprint = (text: string) => String(text.length);
    expect(loggedUrl('https://hooks.example.com/T0/secret?x', fingerprint)).toBe('https://hooks.example.com/... (37)');
    expect(loggedUrl('https://hooks.example.com', fingerprint)).toBe('https://hooks.example.com');
  });
});
