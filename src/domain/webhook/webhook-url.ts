import { parseAddress } from '../model/cidr.js';
import { quote } from '../model/names.js';
import type { Violation } from '../model/violation.js';
import { isAllowed, outside } from './outside.js';

export const URL_MAX = 2000;

/**
 * The address of a receiver: an absolute URL of http or https, in ASCII, without a user name, a password or a fragment.
 * @example webhookUrl('https://me:secret@example.com/') // { code: 'webhook-url', detail: '... has a user name or a password ...' }
 */
export function webhookUrl(text: string): Violation | undefined {
  const wrong = (detail: string): Violation => ({ code: 'webhook-url', detail });
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text))
    return wrong(`${quote(text)} is no address of a receiver: use https, as in https://hooks.example.com/sluice`);
  const { username, password } = new URL(text);
  // Neither is repeated: a password is worth a secret.
  if (username !== '' || password !== '' || /^https?:\/\/[^/?#]*@/.test(text))
    return wrong('the url has a user name or a password: the receiver knows the sender by the signature');
  return text.includes('#') ? wrong(`${quote(text)} has a fragment, which is never sent`) : undefined;
}

/**
 * Whether a receiver may be declared here. Names are judged when they are resolved, at each delivery; addresses that are written out, in any
 * spelling that URLs know, are judged now. Without TLS only networks that the operator allows are spoken to.
 * @param url one that keeps webhookUrl
 * @example mayBeSentTo('https://0x7f.1/', []) // { code: 'inside-address', detail: '127.0.0.1 is loopback (127.0.0.0/8, RFC 1122): ...' }
 */
export function mayBeSentTo(url: string, allow: readonly string[]): Violation | undefined {
  const address = literalOf(new URL(url).hostname);
  const plain = url.startsWith('http:');
  if (plain && (allow.length === 0 || (address !== undefined && !isAllowed(address, allow))))
    return { code: 'webhook-without-tls', detail: 'use https: http is for the networks of SLUICE_WEBHOOK_ALLOW' };
  return address === undefined ? undefined : outside(address, allow);
}

/**
 * The address in the host of a URL, where that is one and not a name.
 * @example literalOf(new URL('https://[::ffff:10.0.0.1]/').hostname) // '::ffff:a00:1'
 */
export function literalOf(hostname: string): string | undefined {
  const text = hostname.replace(/^\[(.*)\]$/, '$1');
  return parseAddress(text) === undefined ? undefined : text;
}

/**
 * What of a URL may be read by whoever reads the change log: for some receivers the path is the secret. `fingerprint` tells one from another.
 * @example loggedUrl('https://hooks.example.com/T0/B1?x', () => '3f2a') // 'https://hooks.example.com/... (3f2a)'
 */
export function loggedUrl(url: string, fingerprint: (text: string) => string): string {
  const { origin } = new URL(url);
  return url === origin || url === `${origin}/` ? url : `${origin}/... (${fingerprint(url)})`;
}
