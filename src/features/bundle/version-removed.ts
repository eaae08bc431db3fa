import { SluiceError } from '../../domain/errors.js';
import type { Removal } from '../../store/bundle.store.js';

/** A version that is named, and was removed by retention: unlike content that went while it was looked for, it does not come back. */
export class VersionRemoved extends SluiceError {
  constructor(what: string, { removedAt, removedBy, reason }: Removal) {
    const why = reason === undefined ? '' : `: ${reason}`;
    super('gone', `${what} was removed by retention (${removedBy}, ${removedAt})${why}`);
  }
}
