import { createHash } from 'node:crypto';

/**
 * The SHA-256 of bytes (of a text: of its UTF-8), one piece behind the other, as OCI writes digests.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 * @example digest('') // 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function digest(...pieces: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}
