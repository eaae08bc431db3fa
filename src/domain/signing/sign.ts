import { type Content, EMPTY_CONFIG } from '../oci/content.js';
import { signatureTag } from '../oci/tags.js';
import { preAuthenticationEncoding } from './dsse.js';
import { type Publication, PUBLICATION, publicationPredicate } from './publication.js';
import { signAll, type Signer } from './signer.js';
import { attach, type AttachedBundle, sigstoreBundle } from './sigstore-bundle.js';
import { signatureImage, simpleSigningPayload } from './simple-signing.js';
import { RELEASE, statement } from './statement.js';
import type { Subject } from './subject.js';

/** All that a registry keeps for the signatures of a manifest. */
export interface Signed {
  /** The older form, by tag. */
  readonly tagged: { readonly tag: string; readonly manifest: Content };
  /** The newer form, by subject: one a key. */
  readonly attached: readonly AttachedBundle[];
  /** What manifests point at: configs, payload, bundles. */
  readonly blobs: readonly Content[];
}

/** What is signed along in the older form, where it can be asked for. The newer form says it in the manifest's own annotations. */
export interface Told {
  readonly environment: string;
  readonly version: number;
  readonly contentDigest: string;
}

/**
 * Signs a bundle's manifest for deployment, in both forms, with every key: while keys change, verifiers may hold either.
 * @param signers at least one release key
 * @example signRelease(subject, told, signers, publishedAt).tagged.tag // 'sha256-....sig'
 */
export function signRelease(
  subject: Subject,
  { environment, version, contentDigest }: Told,
  signers: readonly Signer[],
  createdAt: string,
): Signed {
  const payload = simpleSigningPayload(subject, { environment, version: String(version), contentDigest });
  const { config, manifest } = signatureImage(payload, signAll(payload.bytes, signers));
  const attached = attest(subject, statement(subject, RELEASE, {}), RELEASE, signers, createdAt);
  return {
    tagged: { tag: signatureTag(subject.digest), manifest },
    attached,
    blobs: [payload, config, EMPTY_CONFIG, ...attached.map(({ bundle }) => bundle)],
  };
}

/**
 * Signs how a version came to be. The keys must be others than those of a release: a verifier that holds the release key takes whatever
 * statement it signed about a manifest as leave to deploy it, whatever the statement says (Flux does).
 * @param signers attestation keys
 * @example attestPublication(subject, publication, signers) // one bundle a key
 */
export function attestPublication(
  subject: Subject,
  publication: Publication,
  signers: readonly Signer[],
): AttachedBundle[] {
  const signed = statement(subject, PUBLICATION, publicationPredicate(publication));
  return attest(subject, signed, PUBLICATION, signers, publication.publishedAt);
}

function attest(
  subject: Subject,
  signed: Content,
  predicateType: string,
  signers: readonly Signer[],
  createdAt: string,
): AttachedBundle[] {
  const signatures = signAll(preAuthenticationEncoding(signed.mediaType, signed.bytes), signers);
  return signatures.map((signature) => attach(sigstoreBundle(signed, signature), subject, predicateType, createdAt));
}
