import { applySet, type ApplySet } from '../../domain/plan/apply-set.js';
import type { Bundle } from '../../store/bundle.store.js';

export type BundleView = Omit<Bundle, 'blobs'> & { readonly applySet: ApplySet };

/** A bundle as clients see it: all but where its bytes lie, and by which set its objects can be pruned. */
export function bundleView({ blobs: _, ...view }: Bundle): BundleView {
  return { ...view, applySet: applySet(view.environment) };
}

/** As bundleView, for a list: what changed would be most of it. */
export function bundleLine(bundle: Bundle): Omit<BundleView, 'changes'> {
  const { changes: _, ...view } = bundleView(bundle);
  return view;
}

/** Of what there is to say of a version; the manifests have one each for their bytes. */
export function bundleEtag(bundle: Bundle): string {
  return `"${bundle.version}-${bundle.digest}"`;
}

/** RFC 8288 links to the version itself, the one before, and whatever is latest. */
export function versionLinks(bundle: Bundle): string {
  const base = `/v1/environments/${bundle.environment}/bundles`;
  const before = bundle.version > 1 ? [`<${base}/${bundle.version - 1}>; rel="predecessor-version"`] : [];
  return [`<${base}/${bundle.version}>; rel="canonical"`, ...before, `<${base}/latest>; rel="latest-version"`].join(
    ', ',
  );
}

/** A version never changes; what `latest` names may change at any moment. */
export function cacheControl(version: string): string {
  return version === 'latest' ? 'private, no-cache' : 'private, max-age=31536000, immutable';
}
