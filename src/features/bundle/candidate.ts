import type { Origin } from '../../domain/model/origin.js';
import type { BundleHead } from '../../store/bundle-blobs.js';
import type { Bundle } from '../../store/bundle.store.js';
import type { StoredContents } from '../../store/content.store.js';
import type { Db } from '../../store/database.js';
import type { SaidEdition } from '../../work/prepare-edition.js';

/** What becomes the next version of an environment: a closed list. All of them go the same way. */
export type CandidateSource =
  /** The working model. */
  | { readonly kind: 'model' }
  /** What a version of another environment declares, with the placements, profile and addresses of this one. */
  | { readonly kind: 'promotion'; readonly version: Bundle }
  /** An earlier version of this environment, as it is. */
  | { readonly kind: 'rollback'; readonly version: Bundle };

/** What may become the next version, proved, and the version that it was compared with. */
export interface Candidate {
  readonly latest: BundleHead | undefined;
  readonly edition: SaidEdition;
  readonly origin: Origin;
  /** What its bytes are called: those of a small estate are stored with the version, others are there already. */
  readonly stored: (db: Db) => Promise<StoredContents>;
}

export function originOf(source: CandidateSource): Origin {
  switch (source.kind) {
    case 'model':
      return { kind: 'model' };
    case 'promotion':
      return { kind: 'promotion', environment: source.version.environment, version: source.version.version };
    case 'rollback':
      return { kind: 'rollback', version: source.version.version };
  }
}
