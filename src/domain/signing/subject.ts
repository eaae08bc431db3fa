import type { Descriptor } from '../oci/content.js';

/** The manifest that is vouched for. */
export interface Subject extends Descriptor {
  /** Its repository, with the name of the host where that is known. Verifiers go by the digest. */
  readonly repository: string;
}
