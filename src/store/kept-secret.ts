/** A secret as it is kept. */
export interface KeptSecret {
  readonly secret: Uint8Array;
  /** The name of the key that it is sealed with; null: it is as it is. */
  readonly sealedWith: string | null;
}
