import { SluiceError } from '../../domain/errors.js';
import { quote } from '../../domain/model/names.js';

/** How a path names a version: its number, the latest one, or the working model as it would be published now. */
export type VersionRef = number | 'latest' | 'draft';

/** Refuses (not-found) what is none of the three. */
export function readVersion(text: string): VersionRef {
  if (text === 'latest' || text === 'draft') return text;
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new SluiceError('not-found', `version ${quote(text)} does not exist: use a number, latest or draft`);
}

/** A version that was published: `draft` has no stored manifests. */
export function readPublished(text: string): number | 'latest' {
  const version = readVersion(text);
  if (version !== 'draft') return version;
  throw new SluiceError('not-found', 'a draft has no stored bundle: preview says what it would be');
}

/** The version that a plan starts from; nothing for an empty cluster. */
export function readFrom(text: string | null | undefined): VersionRef | undefined {
  return text === undefined || text === null || text === '' ? undefined : readVersion(text);
}
