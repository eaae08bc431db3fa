import { type BundleFacts, bundleImage } from '../oci/bundle-image.js';
import { type Content, EMPTY_CONFIG } from '../oci/content.js';
import { LAYER } from '../oci/media-types.js';
import type { Referrer } from '../oci/referrers.js';
import type { Publication } from './publication.js';
import { attestPublication, signRelease } from './sign.js';
import type { Signer } from './signer.js';

/** What a registry has of a version: a manifest, or a blob that a manifest points at. */
export interface RegistryEntry {
  readonly kind: 'manifest' | 'blob';
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  /** Absent for the layer, which is stored already. */
  readonly bytes?: Uint8Array;
  /** By which it can be asked for, beside its digest. */
  readonly tag?: string;
  /** Of a manifest that says something of another one. */
  readonly about?: Pick<Referrer, 'annotations' | 'artifactType'> & { readonly subject: string };
}

/** Whoever signs, for each purpose; none where nothing is signed. */
export interface Signers {
  readonly release: readonly Signer[];
  readonly attestation: readonly Signer[];
}

/**
 * All that a registry has of a version, the manifest of its image first: the image, its signatures in both forms, and the statement how it came
 * to be. Not the same twice: signatures differ each time, so the entries are to be kept.
 * @param repository with the name of the host, where it is known
 * @example registryEntries(facts, publication, signers, 'sluice/prod')[0]?.digest // what the tag `latest` stands for
 */
export function registryEntries(
  facts: BundleFacts,
  publication: Publication,
  { release, attestation }: Signers,
  repository: string,
): RegistryEntry[] {
  const { config, manifest } = bundleImage(facts);
  const layer: RegistryEntry = { kind: 'blob', mediaType: LAYER, ...facts.layer };
  const image = [entryOf('manifest', manifest), entryOf('blob', config), layer];
  if (release.length === 0) return [...image, entryOf('blob', EMPTY_CONFIG)];
  const subject = { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.length, repository };
  const { tagged, attached, blobs } = signRelease(subject, facts, release, facts.createdAt);
  const attested = attestPublication(subject, publication, attestation);
  const abouts = [...attached, ...attested].map(({ referrer, manifest: about }) => ({
    ...entryOf('manifest', about),
    about: { subject: subject.digest, artifactType: referrer.artifactType, annotations: referrer.annotations },
  }));
  return [
    ...image,
    { ...entryOf('manifest', tagged.manifest), tag: tagged.tag },
    ...abouts,
    ...[...blobs, ...attested.map(({ bundle }) => bundle)].map((blob) => entryOf('blob', blob)),
  ];
}

function entryOf(kind: RegistryEntry['kind'], { mediaType, digest, bytes }: Content): RegistryEntry {
  return { kind, mediaType, digest, size: bytes.length, bytes };
}
