import { repositoryOf } from '../../domain/oci/tags.js';
import { registryEntries } from '../../domain/signing/registry-entries.js';
import type { Publication } from '../../domain/signing/publication.js';
import type { SigningKeys } from '../../platform/keys/signing-keys.js';
import { publishedEvent } from '../../domain/webhook/event.js';
import type { Bundle } from '../../store/bundle.store.js';
import type { StoredContents } from '../../store/content.store.js';
import type { DeliveryStore } from '../../store/delivery.store.js';
import type { RegistryStore } from '../../store/registry.store.js';
import type { Sql } from '../../store/sql.js';
import type { TraceHeaders } from '../../seeing/trace.js';
import { phase } from '../../seeing/phase.js';

/**
 * What there is of a version beside itself, in the transaction that publishes it: an image, signed with every key of this process, and word of
 * it to every webhook concerned.
 */
export class ReleaseWriter {
  constructor(
    private readonly registry: RegistryStore,
    private readonly keys: SigningKeys,
    private readonly deliveries: DeliveryStore,
    private readonly publicUrl: string | undefined,
  ) {}

  /** Signatures are never the same twice: what is made here is made once, and stored. */
  async put(
    sql: Sql,
    bundle: Bundle,
    { size, tarDigest }: StoredContents['archive'],
    trace: TraceHeaders | undefined,
  ): Promise<void> {
    const { environment, version, digest, origin, publishedAt, blobs } = bundle;
    const facts = {
      ...{ environment, version, tarDigest, createdAt: publishedAt, contentDigest: digest, origin },
      layer: { digest: blobs.tar, size },
      ...(this.publicUrl && { source: `${this.publicUrl}/v1/environments/${environment}` }),
    };
    const signers = { release: this.keys.release.signers, attestation: this.keys.attestation.signers };
    const repository = this.repositoryOf(environment);
    const entries = phase('sign', () => registryEntries(facts, publicationOf(bundle), signers, repository));
    await phase('release', async () => {
      await this.registry.put(sql, environment, version, entries);
      await this.deliveries.tell(sql, publishedEvent(bundle, this.publicUrl), trace);
    });
  }

  /** As clients name it, where that is known. */
  private repositoryOf(environment: string): string {
    const host = this.publicUrl === undefined ? '' : `${new URL(this.publicUrl).host}/`;
    return `${host}${repositoryOf(environment)}`;
  }
}

function publicationOf(bundle: Bundle): Publication {
  const { environment, version, revision, origin, digest, publishedBy, publishedAt, message, reason, counts } = bundle;
  const { digest: proved, compared, caveats } = bundle.proof;
  return {
    ...{ environment, version, revision, origin, contentDigest: digest, publishedBy, publishedAt, counts },
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    changes: bundle.changes.summary,
    proof: { digest: proved, compared, caveats: caveats.length },
  };
}
