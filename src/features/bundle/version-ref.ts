import { SluiceError } from '../../domain/errors.js';
import { quote } from '../../domain/model/names.js';
import { tagName } from '../../domain/model/tag.js';

/** A version by a tag, which may mark another one the next moment. */
export interface TagRef {
  readonly tag: string;
}

/** A version that was published: its number, the latest one, or the one that a tag marks. */
export type PublishedRef = number | 'latest' | TagRef;

/** How a path names a version: one that was published, or the working model as it would be published now. */
export type VersionRef = PublishedRef | 'draft';

/** What may stand where a version is named, for descriptions. */
export const PUBLISHED_TEXT = 'A number, latest, or a tag';
export const VERSION_TEXT = 'A number, latest, a tag, or draft';

/**
 * Refuses (not-found) what is none of them. Whether there is such a version or tag, says who looks for it.
 * @example readVersion('stable') // { tag: 'stable' }
 */
export function readVersion(text: string): VersionRef {
  if (text === 'latest' || text === 'draft') return text;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  if (tagName(text) === undefined) return { tag: text };
  throw new SluiceError('not-found', `version ${quote(text)} does not exist: use a number, latest, a tag, or draft`);
}

/** A version that was published: `draft` has no stored manifests. */
export function readPublished(text: string): PublishedRef {
  const version = readVersion(text);
  if (version !== 'draft') return version;
  throw new SluiceError('not-found', 'a draft has no stored bundle: preview says what it would be');
}

export function isTag(version: VersionRef): version is TagRef {
  return typeof version === 'object';
}

/** The version that a plan starts from; nothing for an empty cluster. */
export function readFrom(text: string | null | undefined): VersionRef | undefined {
  return text === undefined || text === null || text === '' ? undefined : readVersion(text);
}
