import type { Signer } from '../../domain/signing/signer.js';
import type { PublishedKey } from './key.js';

/** The keys for one purpose: all that sign, and all that are published, those that sign first. Empty where nothing is signed. */
export interface KeyRing {
  readonly signers: readonly Signer[];
  readonly published: readonly PublishedKey[];
}

/**
 * What this process signs with. A release key says "deploy this"; an attestation key says how a version came to be, which nobody may take
 * for the former: so no key is both.
 */
export class SigningKeys {
  constructor(
    readonly release: KeyRing,
    readonly attestation: KeyRing,
  ) {}
}

export type Purpose = keyof SigningKeys;

const EMPTY: KeyRing = { signers: [], published: [] };

export const NO_KEYS = new SigningKeys(EMPTY, EMPTY);
