import { applySet, type ApplySet } from '../../domain/plan/apply-set.js';
import { digest } from '../../domain/render/digest.js';
import type { Bundle } from '../../store/bundle.store.js';
import type { PublishedRef } from './version-ref.js';

/** A version, which never changes, and the names that mark it, which do. */
export interface TaggedBundle extends Bundle {
  readonly tags: readonly string[];
}

export type BundleView = Omit<TaggedBundle, 'blobs' | 'jsonDigest'> & { readonly applySet: ApplySet };

/** A bundle as clients see it: all but where its bytes lie, and by which set its objects can be pruned. */
export function bundleView({ blobs: _, jsonDigest: __, ...view }: TaggedBundle): BundleView {
  return { ...view, applySet: applySet(view.environment) };
}

/** As bundleView, for a list: what changed would be most of it. */
export function bundleLine(bundle: TaggedBundle): Omit<BundleView, 'changes'> {
  const { changes: _, ...view } = bundleView(bundle);
  return view;
}

/** Of what there is to say of a version; the manifests have one each for their bytes. */
export function bundleEtag({ version, digest: content, tags }: TaggedBundle): string {
  const marked = tags.length === 0 ? '' : `-${digest(tags.join(' ')).slice('sha256:'.length, 'sha256:'.length + 16)}`;
  return `"${version}-${content}${marked}"`;
}

/** RFC 8288 links to the version itself, the one before, and whatever is latest. */
export function versionLinks(bundle: Bundle): string {
  const base = `/v1/environments/${bundle.environment}/bundles`;
  const before = bundle.version > 1 ? [`<${base}/${bundle.version - 1}>; rel="predecessor-version"`] : [];
  return [`<${base}/${bundle.version}>; rel="canonical"`, ...before, `<${base}/latest>; rel="latest-version"`].join(
    ', ',
  );
}

/** The bytes of a version never change; what `latest` or a tag stands for may change at any moment. */
export function cacheControl(version: PublishedRef): string {
  return typeof version === 'number' ? 'private, max-age=31536000, immutable' : 'private, no-cache';
}
