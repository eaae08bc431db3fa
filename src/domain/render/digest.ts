import { createHash } from 'node:crypto';

/**
 * The SHA-256 of bytes (of a text: of its UTF-8) as OCI writes digests.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 * @example digest('') // 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 */
export function digest(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
