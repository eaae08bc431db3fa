import { type Content, descriptorOf, EMPTY_CONFIG, jsonContent } from '../oci/content.js';
import { MANIFEST, SIGSTORE_BUNDLE } from '../oci/media-types.js';
import type { Referrer } from '../oci/referrers.js';
import { base64, type Signature } from './signer.js';
import type { Subject } from './subject.js';

/**
 * A signed statement as a Sigstore bundle: one key, one signature, no certificate and no log.
 * https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
 * @param signed the statement; `signature` is over its pre-authentication encoding
 */
export function sigstoreBundle(signed: Content, signature: Signature): Content {
  return jsonContent(SIGSTORE_BUNDLE, {
    mediaType: SIGSTORE_BUNDLE,
    verificationMaterial: { publicKey: { hint: signature.hint } },
    dsseEnvelope: {
      payload: base64(signed.bytes),
      payloadType: signed.mediaType,
      signatures: [{ sig: base64(signature.der) }],
    },
  });
}

/** A referrer with the bytes behind it. */
export interface AttachedBundle {
  readonly referrer: Referrer;
  readonly manifest: Content;
  readonly bundle: Content;
}

/**
 * The manifest that hangs a bundle on its subject. Its config is EMPTY_CONFIG, which must be there to be fetched.
 * @example attach(bundle, subject, RELEASE, '2026-01-02T03:04:05Z').referrer // what the list of referrers shows
 */
export function attach(bundle: Content, subject: Subject, predicateType: string, createdAt: string): AttachedBundle {
  const { mediaType, digest, size } = subject;
  const annotations = {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
    'org.opencontainers.image.created': createdAt,
  };
  const manifest = jsonContent(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: SIGSTORE_BUNDLE,
    config: descriptorOf(EMPTY_CONFIG),
    layers: [descriptorOf(bundle)],
    subject: { mediaType, digest, size },
    annotations,
  });
  const referrer = { ...descriptorOf(manifest), annotations, artifactType: SIGSTORE_BUNDLE };
  return { referrer, manifest, bundle };
}
