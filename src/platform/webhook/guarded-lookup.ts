import { type LookupAddress, type LookupOptions } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { Violation } from '../../domain/model/violation.js';

/** Gives the addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As the machine does it: with its hosts file and its search list, as names within a cluster need. */
export const systemResolve: Resolve = (hostname) => lookupAll(hostname, { all: true });

/** A name that leads to no address that may be sent to. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/**
 * The lookup that a socket does when it connects. What it gives is what is connected to: the name is not asked for again, so it cannot
 * mean something else by then.
 * @param judge gives nothing for an address that may be sent to
 */
export function guardedLookup(resolve: Resolve, judge: (address: string) => Violation | undefined): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    const answer = callback as (error: Error | null, address: string | LookupAddress[], family?: number) => void;
    resolve(hostname).then(
      (found) => {
        const judged = found.map((address) => ({ address, violation: judge(address.address) }));
        const good = judged.filter(({ violation }) => violation === undefined).map(({ address }) => address);
        const [first] = good;
        if (first === undefined) answer(refusal(hostname, judged[0]?.violation), '');
        else if (options.all === true) answer(null, [...good]);
        else answer(null, first.address, first.family);
      },
      (error: Error) => answer(error, ''),
    );
  };
}

function refusal(hostname: string, violation: Violation | undefined): Error {
  return new RefusedAddress(
    violation === undefined ? `${hostname} has no address` : `${hostname}: ${violation.detail}`,
  );
}
