import type { FastifyReply } from 'fastify';
import { jsonOf } from '../../platform/openapi/describe.js';
import { bundleEtag, type BundleView, bundleView, versionLinks } from './bundle-view.js';
import type { BundleService } from './bundle.service.js';
import type { Published } from './publish.service.js';

/** What every way to a new version takes in its headers, and answers. */
export const RELEASE_HEADERS = {
  'Idempotency-Key': { description: 'The same key and body: the stored reply; another body: 422; in flight: 409' },
  'Sluice-Reason': { description: 'Why: kept with the version' },
};
const HEADERS = ['ETag', 'Location', 'Link'] as const;
export const PUBLISHED = {
  200: {
    description: 'The content is that of the latest version, which stands',
    content: jsonOf('Bundle'),
    headers: HEADERS,
  },
  201: { description: 'A new version', content: jsonOf('Bundle'), headers: HEADERS },
};

/** 201 with the new version, or 200 with the one that stands. */
export async function publishedReply(
  bundles: BundleService,
  { bundle, created }: Published,
  reply: FastifyReply,
): Promise<BundleView> {
  const [tagged = { ...bundle, tags: [] }] = await bundles.tagged([bundle]);
  void reply
    .status(created ? 201 : 200)
    .header('location', `/v1/environments/${bundle.environment}/bundles/${bundle.version}`);
  void reply.header('etag', bundleEtag(tagged)).header('link', versionLinks(bundle));
  return bundleView(tagged);
}
