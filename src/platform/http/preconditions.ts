import { SluiceError } from '../../domain/errors.js';

/** What a write demands of the object it meets (RFC 9110 section 13). */
export type Precondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'absent' } // If-None-Match: *
  | { readonly kind: 'any' } // If-Match: *
  | { readonly kind: 'match'; readonly etags: readonly string[] };

export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** Reads If-Match and If-None-Match of a write. Refuses (malformed) both together, and If-None-Match with anything but `*`. */
export function readPrecondition(headers: { readonly [name: string]: string | string[] | undefined }): Precondition {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw new SluiceError('malformed', 'send If-Match or If-None-Match, not both');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === '*') return { kind: 'absent' };
    throw new SluiceError('malformed', `If-None-Match on a write takes "*" only, not ${JSON.stringify(ifNoneMatch)}`);
  }
  if (ifMatch === undefined) return { kind: 'none' };
  return ifMatch === '*' ? { kind: 'any' } : { kind: 'match', etags: splitEtags(String(ifMatch)) };
}

/** True where the entity-tag is in the list of an If-None-Match header (weak comparison, RFC 9110 section 13.1.2). */
export function noneMatchHits(header: string | string[] | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const text = String(header);
  return text.trim() === '*' || splitEtags(text).some((given) => given.replace(/^W\//, '') === etag);
}

/**
 * Holds a write of `what` against its precondition. `revision` is that of the object that stands, if one does.
 * Refuses with precondition-required (no If-Match), precondition-failed, or not-found.
 */
export function holdPrecondition(precondition: Precondition, revision: number | undefined, what: string): void {
  const failed = (detail: string) => new SluiceError('precondition-failed', detail);
  if (precondition.kind === 'absent') {
    if (revision !== undefined) throw failed(`${what} exists, and If-None-Match: * demands that it does not`);
    return;
  }
  if (revision === undefined) {
    if (precondition.kind === 'match' || precondition.kind === 'any')
      throw failed(`${what} does not exist, and If-Match demands that it does`);
    throw new SluiceError('precondition-required', `${what} does not exist: send If-None-Match: * to create it`);
  }
  if (precondition.kind === 'none') {
    throw new SluiceError(
      'precondition-required',
      `send If-Match with the ETag of ${what}, so that no one's change is lost`,
    );
  }
  if (precondition.kind === 'match' && !precondition.etags.includes(etagOf(revision))) {
    throw failed(`${what} was changed: its ETag is ${etagOf(revision)}, If-Match has ${precondition.etags.join(', ')}`);
  }
}

function splitEtags(header: string): string[] {
  return header.split(',').map((etag) => etag.trim());
}
