import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { dnsLabel } from '../../domain/model/names.js';
import type { Difference, Proof } from '../../domain/prove/proof.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { notFound } from '../../platform/resource/resource.service.js';
import { publishSchema } from '../../schema/bundle.js';
import { parseOrRefuse } from '../../schema/parse.js';
import type { Bundle, BundleStore, ProofSummary } from '../../store/bundle.store.js';
import type { ContentStore, StoredContents } from '../../store/content.store.js';
import type { Db } from '../../store/database.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { Predecessor, RenderedEdition } from '../../work/render-edition.js';
import type { WorkPool } from '../../work/work-pool.js';
import type { ReleaseWriter } from './release.writer.js';

/** An estate with more flows is rendered before the environment is locked: others should not wait for it. */
const AHEAD_FLOWS = 1_000;
/** How often what was rendered ahead may be overtaken by another publish, before it is rendered under the lock. */
const AHEAD_TRIES = 3;

export interface Published {
  readonly bundle: Bundle;
  /** False: the latest version has the same content, and stands. */
  readonly created: boolean;
}

/** What publishing now would do. */
export interface Preview extends Pick<
  RenderedEdition,
  'environment' | 'revision' | 'digest' | 'counts' | 'findings' | 'changes'
> {
  readonly wouldPublish: boolean;
  readonly latestVersion: number;
  readonly nextVersion: number;
  /** Whether the bytes allow exactly what is declared, and where they do not. */
  readonly proof: Proof;
}

/** The working model of an environment, rendered and proved, and the version that it was compared with. */
interface Candidate {
  readonly latest: Bundle | undefined;
  readonly edition: RenderedEdition;
  /** Where its bytes are in the database already. */
  readonly stored?: StoredContents;
}

/** What was rendered ahead was overtaken by another publish. */
class Overtaken extends Error {}

/** Renders the working model of an environment and makes it the next version. */
export class PublishService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly contents: ContentStore,
    private readonly snapshots: SnapshotStore,
    private readonly pool: WorkPool,
    private readonly releases: ReleaseWriter,
  ) {}

  /** Stores nothing. Refuses (not-found) an environment that does not exist. */
  async preview(ctx: RequestContext, environment: string): Promise<Preview> {
    requireScope(ctx, 'read', environment);
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    const { latest, edition } = await this.candidate(this.units.reader, environment, 'preview');
    const { revision, digest, counts, findings, changes } = edition;
    const same = latest?.digest === digest;
    const proof = provedOf(edition);
    return {
      ...{ environment, revision, digest, counts, findings, changes, proof },
      wouldPublish: !same && proof.equal && !findings.some((finding) => finding.severity === 'error'),
      latestVersion: latest?.version ?? 0,
      nextVersion: (latest?.version ?? 0) + (same ? 0 : 1),
    };
  }

  /**
   * Publishes under the environment's lock, so that versions are 1..N in commit order: read, render, compare, prove, store.
   * Refuses (version-conflict) where the latest version is not `expectedVersion`, (invalid) what may not be published, and (not-proved)
   * bytes that do not allow exactly what is declared.
   */
  async publish(ctx: RequestContext, environment: string, raw: unknown): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const { message, expectedVersion } = parseOrRefuse(publishSchema, raw ?? {}, 'the publish');
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    const large = await this.snapshots.hasFlows(this.units.reader, AHEAD_FLOWS);
    for (let tries = 1; ; tries++) {
      const ahead = large && tries <= AHEAD_TRIES;
      const made = ahead ? await this.madeAhead(ctx, environment) : undefined;
      try {
        return await this.units.write(ctx, ['publish', environment, raw ?? {}], (db) =>
          this.publishLocked(db, ctx, { environment, message, expectedVersion, made }),
        );
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
  }

  /** Rendered without a lock, and its bytes stored where they will be published: they are most of the writing. */
  private async madeAhead(ctx: RequestContext, environment: string): Promise<Candidate> {
    const made = await this.candidate(this.units.reader, environment, 'publish');
    const { contents, proof, findings } = made.edition;
    const good = proof?.equal === true && !findings.some(({ severity }) => severity === 'error');
    if (contents === undefined || !good || ctx.dryRun) return made;
    return { ...made, stored: await this.contents.put(this.units.sql(this.units.reader), contents) };
  }

  private async publishLocked(
    db: Db,
    ctx: RequestContext,
    asked: {
      readonly environment: string;
      readonly message: string | undefined;
      readonly expectedVersion: number | undefined;
      readonly made: Candidate | undefined;
    },
  ): Promise<Published> {
    const { environment, message, expectedVersion } = asked;
    if (!(await this.bundles.lockEnvironment(db, environment)))
      throw notFound(`environment ${JSON.stringify(environment)}`);
    const version = (await this.bundles.latest(db, environment))?.version ?? 0;
    holdVersion(environment, expectedVersion, version);
    const { latest, edition, stored } = asked.made ?? (await this.candidate(db, environment, 'publish'));
    if ((latest?.version ?? 0) !== version) throw new Overtaken();
    if (latest?.digest === edition.digest) return { bundle: latest, created: false };
    refuseErrors(environment, edition.findings);
    const proof = holdProof(environment, edition.digest, provedOf(edition));
    return {
      bundle: await this.store(db, ctx, { edition, stored, proof, message, version: version + 1 }),
      created: true,
    };
  }

  /** Refuses (not-found) an environment that does not exist. */
  private async candidate(db: Db, environment: string, purpose: 'preview' | 'publish'): Promise<Candidate> {
    const snapshot = await this.snapshots.read(db, environment);
    if (snapshot === undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    const latest = await this.bundles.latest(db, environment);
    const predecessor = latest && (await this.predecessor(db, latest));
    const bytes = snapshot.length + (predecessor?.objects.length ?? 0);
    const order = { snapshot, predecessor, contents: purpose === 'publish' };
    return { latest, edition: await this.pool.run('renderEdition', order, bytes) };
  }

  private async predecessor(db: Db, { digest, blobs }: Bundle): Promise<Predecessor> {
    const sql = this.units.sql(db);
    return {
      digest,
      snapshot: await this.contents.deflated(sql, blobs.snapshot),
      objects: await this.contents.deflated(sql, blobs.json),
      pieces: await this.contents.piecesOf(sql, [blobs.json, blobs.tar, blobs.snapshot]),
    };
  }

  private async store(
    db: Db,
    ctx: RequestContext,
    made: {
      readonly edition: RenderedEdition;
      readonly stored: StoredContents | undefined;
      readonly proof: ProofSummary;
      readonly message: string | undefined;
      readonly version: number;
    },
  ): Promise<Bundle> {
    const { edition, proof, version, message } = made;
    const { environment, digest, revision, counts, findings, contents } = edition;
    const { objects: _, flows: __, ...changes } = edition.changes;
    if (contents === undefined) throw new Error(`nothing was written of ${digest}`);
    const { blobs, archive } = made.stored ?? (await this.contents.put(this.units.sql(db), contents));
    const bundle = await this.bundles.insert(db, {
      ...{ environment, version, digest, revision, counts, findings, proof, changes, message },
      ...{ blobs, reason: ctx.reason, publishedBy: ctx.actor },
    });
    await this.releases.put(this.units.sql(db), bundle, archive);
    return bundle;
  }
}

/** What is not that of the predecessor was proved. */
function provedOf({ digest, proof }: RenderedEdition): Proof {
  if (proof === undefined) throw new Error(`${digest} was not proved`);
  return proof;
}

function holdVersion(environment: string, expected: number | undefined, latest: number): void {
  if (expected === undefined || expected === latest) return;
  throw new SluiceError(
    'version-conflict',
    `the latest version of environment "${environment}" is ${latest}, not ${expected}: look at what changed, then publish again`,
  );
}

function refuseErrors(environment: string, findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const problems = errors.map(({ code, path, message }) => ({ pointer: `#/${path}`, code, detail: message }));
  refuse(problems, `the bundle of environment "${environment}"`);
}

/** What a version keeps of its proof; without one there is no version. */
function holdProof(environment: string, digest: string, proof: Proof): ProofSummary {
  const { equal, compared, caveats } = proof;
  if (equal) return { equal, digest, compared, caveats };
  const objections = proof.objections.map(({ path, code, message }) => ({
    pointer: `#/${path}`,
    code,
    detail: message,
  }));
  const count = proof.differenceCount + proof.objectionCount;
  throw new SluiceError(
    'not-proved',
    `the bundle of environment "${environment}" does not allow exactly what is declared: ${count} ${count === 1 ? 'difference' : 'differences'}`,
    [...proof.differences.map(problemOf), ...objections],
  );
}

function problemOf({ kind, direction, subject, other, ports, policies, flows }: Difference): Problem {
  const way = direction === 'egress' ? 'reach' : 'be reached from';
  const what = kind === 'too-much' ? 'may' : 'may not';
  const behind = [`policies: ${policies.join(', ') || 'none'}`, `flows: ${flows.join(', ') || 'none'}`].join('; ');
  return { pointer: `#/${subject}`, code: kind, detail: `${subject} ${what} ${way} ${other} on ${ports} (${behind})` };
}
