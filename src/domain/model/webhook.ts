import type { Described } from './entities.js';

/** How a delivery is signed: with a secret that both sides hold, or with a key of which the receiver has the public half. */
export const SIGNATURES = ['hmac', 'ed25519'] as const;
export type Signature = (typeof SIGNATURES)[number];

/** A receiver that is told of what is published. Without `environments` it is told of all of them. */
export interface Webhook extends Described {
  readonly name: string;
  readonly url: string;
  readonly environments?: readonly string[];
  /** false: nothing is sent, and nothing new waits to be. */
  readonly enabled: boolean;
  readonly signature: Signature;
}
