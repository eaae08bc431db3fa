import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { KeptSecret } from '../../store/kept-secret.js';

/** 32 bytes, and what they are called in the database: the beginning of their SHA-256. */
interface SealingKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Seals secrets that must be had back, so that who has the database has none of them. Without a key it keeps them as they are.
 * Each is sealed for one place (`context`): copied to another, it does not open.
 */
export class SecretBox {
  private readonly keys: readonly SealingKey[];

  /** 32 bytes each: the first seals, all open. */
  constructor(keys: readonly Uint8Array[]) {
    this.keys = keys.map((bytes) => ({ bytes, name: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }));
  }

  /** Of the keys with which something can be opened here. */
  get names(): readonly string[] {
    return this.keys.map(({ name }) => name);
  }

  seal(secret: Uint8Array, context: string): KeptSecret {
    const [key] = this.keys;
    if (key === undefined) return { secret, sealedWith: null };
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return { secret: Buffer.concat([nonce, cipher.getAuthTag(), sealed]), sealedWith: key.name };
  }

  /** @throws where the key is not here, or what is sealed was changed or moved. */
  open({ secret, sealedWith }: KeptSecret, context: string): Uint8Array {
    if (sealedWith === null) return secret;
    const key = this.keys.find(({ name }) => name === sealedWith);
    if (key === undefined) throw new Error(`there is no key ${sealedWith} here`);
    const [nonce, tag, sealed] = [
      secret.subarray(0, NONCE),
      secret.subarray(NONCE, NONCE + TAG),
      secret.subarray(NONCE + TAG),
    ];
    const cipher = createDecipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
    return Buffer.concat([cipher.update(sealed), cipher.final()]);
  }
}

export const PLAIN_BOX = new SecretBox([]);
