import type { ChangeSummary } from '../diff/change/change.js';
import type { Origin } from '../model/origin.js';
import type { Compared } from '../prove/proof.js';

/** What the statement about a publication says of its subject. */
export const PUBLICATION = 'https://sluice.dev/attestations/publication/v1';

/** How a version came to be. */
export interface Publication {
  readonly environment: string;
  readonly version: number;
  /** Of the model that was rendered. */
  readonly revision: number;
  /** Where its content comes from. */
  readonly origin: Origin;
  /** The digest of the YAML stream. */
  readonly contentDigest: string;
  readonly publishedBy: string;
  /** RFC 3339. */
  readonly publishedAt: string;
  /** Why, as the publish says it, and as the request says it. */
  readonly message?: string;
  readonly reason?: string;
  readonly counts: { readonly namespaces: number; readonly objects: number; readonly flows: number };
  /** Against the version before. */
  readonly changes: Pick<ChangeSummary, 'connections' | 'newlyIsolatedTiers' | 'noLongerIsolatedTiers'>;
  readonly proof: {
    /** Of the bytes that were read again. */
    readonly digest: string;
    readonly compared: Compared;
    /** How many things there are to keep in mind; the version names them. */
    readonly caveats: number;
  };
}

/**
 * The predicate: every field named here and no other, in this order, so that the bytes do not depend on how the facts were put together.
 * @example publicationPredicate(publication).contentDigest // 'sha256:...'
 */
export function publicationPredicate(facts: Publication): object {
  const { counts, changes, proof } = facts;
  const { widens, narrows, both } = changes.connections;
  const { tiers, flows, objects, probes, ranges, pairs } = proof.compared;
  return {
    environment: facts.environment,
    version: facts.version,
    revision: facts.revision,
    origin: originOf(facts.origin),
    contentDigest: facts.contentDigest,
    publishedBy: facts.publishedBy,
    publishedAt: facts.publishedAt,
    ...(facts.message === undefined ? {} : { message: facts.message }),
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    counts: { namespaces: counts.namespaces, objects: counts.objects, flows: counts.flows },
    changes: {
      connections: { widens, narrows, both },
      newlyIsolatedTiers: changes.newlyIsolatedTiers,
      noLongerIsolatedTiers: changes.noLongerIsolatedTiers,
    },
    proof: {
      equal: true,
      digest: proof.digest,
      compared: { tiers, flows, objects, probes, ranges, pairs },
      caveats: proof.caveats,
    },
  };
}

function originOf(origin: Origin): object {
  switch (origin.kind) {
    case 'model':
      return { kind: origin.kind };
    case 'promotion':
      return { kind: origin.kind, environment: origin.environment, version: origin.version };
    case 'rollback':
      return { kind: origin.kind, version: origin.version };
  }
}
