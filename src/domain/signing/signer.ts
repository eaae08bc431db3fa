/**
 * What a signature takes and gives; the keys behind it are not the domain's. ECDSA draws a random number each time, so the same bytes get
 * another signature that is as good: whoever needs the same bytes twice keeps the signature.
 */
export interface Signer {
  /** Names the public key: base64 of the SHA-256 of its SPKI DER. */
  readonly hint: string;
  /** ECDSA P-256 with SHA-256, in DER. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** A signature with the name of its key. */
export interface Signature {
  readonly hint: string;
  readonly der: Uint8Array;
}

/** One signature a key, in the order of the keys. */
export function signAll(bytes: Uint8Array, signers: readonly Signer[]): Signature[] {
  return signers.map(({ hint, sign }) => ({ hint, der: sign(bytes) }));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
