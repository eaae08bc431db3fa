/** Media types as registries and their clients spell them. https://github.com/opencontainers/image-spec/blob/main/media-types.md */
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const IMAGE_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const EMPTY = 'application/vnd.oci.empty.v1+json';
export const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** What a bundle is, to whoever asks what kind of artifact this is. */
export const BUNDLE_ARTIFACT = 'application/vnd.sluice.bundle.v1';

/** What cosign signs in the older form, and the envelope that all of Sigstore has in common. */
export const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const SIGSTORE_BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const IN_TOTO = 'application/vnd.in-toto+json';
