import { type Content, type Descriptor, jsonContent } from './content.js';
import { INDEX } from './media-types.js';

/** A manifest that says something of another one, its subject. */
export interface Referrer extends Descriptor {
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string;
}

/**
 * The answer to "who refers to this manifest": an index, empty where nobody does (never a refusal: clients would look for a tag instead).
 * @param artifactType only those of this type, where one is asked for
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
 * @example referrersIndex([]).bytes // {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
 */
export function referrersIndex(referrers: readonly Referrer[], artifactType?: string): Content {
  const asked = referrers.filter((referrer) => artifactType === undefined || referrer.artifactType === artifactType);
  const manifests = asked.map((referrer) => ({
    mediaType: referrer.mediaType,
    digest: referrer.digest,
    size: referrer.size,
    annotations: referrer.annotations,
    artifactType: referrer.artifactType,
  }));
  return jsonContent(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
}
