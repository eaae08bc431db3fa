import { SluiceError } from '../errors.js';
import { quote } from '../model/names.js';
import { portNumber, PROTOCOLS, type Protocol } from '../model/ports.js';

/** One port that is asked about. */
export interface PortQuestion {
  readonly protocol: Protocol;
  readonly port: number;
}

/**
 * Reads `TCP/80`, `UDP 53`, or `80` (TCP). Refuses anything else, naming it.
 * @example parsePortQuestion('UDP/53') // { protocol: 'UDP', port: 53 }
 */
export function parsePortQuestion(text: string): PortQuestion {
  const [, before = 'TCP', digits = ''] = /^(?:([A-Za-z]+)[/ ])?([0-9]{1,5})$/.exec(text) ?? [];
  const protocol = PROTOCOLS.find((known) => known === before.toUpperCase());
  if (protocol === undefined || portNumber(Number(digits)) !== undefined) {
    throw new SluiceError(
      'invalid',
      `${quote(text)} is not a port: write a protocol and a number from 1 to 65535, as in TCP/80 or UDP/53`,
    );
  }
  return { protocol, port: Number(digits) };
}
