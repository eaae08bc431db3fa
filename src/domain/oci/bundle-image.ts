import { type Content, descriptorOf, jsonContent } from './content.js';
import { BUNDLE_ARTIFACT, IMAGE_CONFIG, LAYER, MANIFEST } from './media-types.js';
import { type Origin, originText } from '../model/origin.js';
import { semverOf } from './tags.js';

/** What the image of a version says of it. */
export interface BundleFacts {
  readonly environment: string;
  readonly version: number;
  /** RFC 3339, as it was published. */
  readonly createdAt: string;
  /** The digest of the YAML stream: the identity of the content. */
  readonly contentDigest: string;
  /** Where its content comes from. */
  readonly origin: Origin;
  /** A URL where people find this environment; left out where the service does not know its own address. */
  readonly source?: string;
  /** The compressed archive: what is fetched. */
  readonly layer: { readonly digest: string; readonly size: number };
  /** The digest of the archive before it was compressed. */
  readonly tarDigest: string;
}

/** Both are to be kept: the manifest is what is asked for, and points at the config. */
export interface BundleImage {
  readonly config: Content;
  readonly manifest: Content;
}

/**
 * A version as an image from scratch with one layer. That it has a true image config lets also those unpack it who know nothing but images.
 * The same facts give the same bytes. https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * @example bundleImage(facts).manifest.digest // 'sha256:...'
 */
export function bundleImage(facts: BundleFacts): BundleImage {
  const config = imageConfig(facts);
  const { digest, size } = facts.layer;
  const title = { 'org.opencontainers.image.title': 'bundle.tar.gz' };
  const manifest = jsonContent(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: BUNDLE_ARTIFACT,
    config: descriptorOf(config),
    layers: [{ mediaType: LAYER, digest, size, annotations: title }],
    annotations: annotationsOf(facts),
  });
  return { config, manifest };
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md: `diff_ids` is over what the layer is before it is compressed. */
function imageConfig({ createdAt, tarDigest }: BundleFacts): Content {
  return jsonContent(IMAGE_CONFIG, {
    created: createdAt,
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [tarDigest] },
    history: [{ created: createdAt, created_by: 'sluice' }],
  });
}

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md. Flux and Argo CD show them. */
function annotationsOf(facts: BundleFacts): Readonly<Record<string, string>> {
  const { environment, version, createdAt, contentDigest, origin, source } = facts;
  return {
    'org.opencontainers.image.created': createdAt,
    ...(source === undefined ? {} : { 'org.opencontainers.image.source': source }),
    'org.opencontainers.image.revision': `${environment}@${contentDigest}`,
    'org.opencontainers.image.version': semverOf(version),
    'org.opencontainers.image.title': `${environment} bundle ${version}`,
    'dev.sluice.origin': originText(origin),
  };
}
