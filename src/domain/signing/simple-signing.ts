import { type Content, descriptorOf, jsonContent } from '../oci/content.js';
import { IMAGE_CONFIG, MANIFEST, SIMPLE_SIGNING } from '../oci/media-types.js';
import { base64, type Signature } from './signer.js';
import type { Subject } from './subject.js';

/** What cosign puts where no time is told. */
const NO_TIME = '0001-01-01T00:00:00Z';

/**
 * The bytes that are signed in cosign's older form. `told` is signed along: `cosign verify -a environment=prod` asks for it.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md; the spec writes Docker-manifest-digest, cosign does not.
 * @example simpleSigningPayload(subject, { version: '42' })
 */
export function simpleSigningPayload(subject: Subject, told: Readonly<Record<string, string>>): Content {
  return jsonContent(SIMPLE_SIGNING, {
    critical: {
      identity: { 'docker-reference': subject.repository },
      image: { 'docker-manifest-digest': subject.digest },
      type: 'cosign container image signature',
    },
    optional: told,
  });
}

/**
 * What stands under the `.sig` tag: one layer a signature, all over the same payload, so that whoever holds one of the keys is served.
 * Gives the manifest and its config; both are to be kept, and so is the payload.
 */
export function signatureImage(
  payload: Content,
  signatures: readonly Signature[],
): { readonly config: Content; readonly manifest: Content } {
  const config = signatureConfig(signatures.map(() => payload.digest));
  const layers = signatures.map(({ der }) => ({
    ...inOrderOfCosign(payload),
    annotations: { 'dev.cosignproject.cosign/signature': base64(der) },
  }));
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: inOrderOfCosign(config), layers };
  return { config, manifest: jsonContent(MANIFEST, manifest) };
}

function signatureConfig(layers: readonly string[]): Content {
  return jsonContent(IMAGE_CONFIG, {
    architecture: '',
    created: NO_TIME,
    history: layers.map(() => ({ created: NO_TIME })),
    os: '',
    rootfs: { type: 'layers', diff_ids: layers },
    config: {},
  });
}

function inOrderOfCosign(content: Content): object {
  const { mediaType, digest, size } = descriptorOf(content);
  return { mediaType, size, digest };
}
