import { notFound } from '../../platform/resource/resource.service.js';

/** How a path names a version: its number, the latest one, or the working model as it would be published now. */
export type VersionRef = number | 'latest' | 'draft';

/** Refuses (not-found) what is none of the three. */
export function readVersion(text: string): VersionRef {
  if (text === 'latest' || text === 'draft') return text;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw notFound(`version ${JSON.stringify(text.slice(0, 40))} (use a number, latest or draft)`);
}

/** A version that was published: `draft` has no stored manifests. */
export function readPublished(text: string): number | 'latest' {
  const version = readVersion(text);
  if (version !== 'draft') return version;
  throw notFound('a stored bundle of the draft (ask preview for what it would be)');
}
