import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { dnsLabel } from '../../domain/model/names.js';
import type { Difference, Proof } from '../../domain/prove/proof.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { publishSchema } from '../../schema/bundle.js';
import { parseOrRefuse } from '../../schema/parse.js';
import type { BundleBlobs, BundleHead } from '../../store/bundle-blobs.js';
import type { Bundle, BundleStore, NewBundle, ProofSummary } from '../../store/bundle.store.js';
import { compact } from '../../store/compact.js';
import type { ContentStore, StoredContents } from '../../store/content.store.js';
import type { Db } from '../../store/database.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { noEnvironment } from '../../work/edition-source.js';
import { namesOf, readPredecessor, type SaidEdition } from '../../work/prepare-edition.js';
import { type Preview, previewOf, provedOf, writePreview } from '../../work/preview-edition.js';
import type { AnswerType } from '../../work/written.js';
import type { EditionWork } from './edition-work.js';
import type { ReleaseWriter } from './release.writer.js';

/** How often what was rendered ahead may be overtaken by another publish, before it is rendered under the lock. */
const AHEAD_TRIES = 3;
/** How often retention may take what a publish was about to refer to, before something else must be wrong. */
const GONE_TRIES = 8;

export interface Published {
  readonly bundle: Bundle;
  /** False: the latest version has the same content, and stands. */
  readonly created: boolean;
}

/** The working model of an environment, rendered and proved, and the version that it was compared with. */
interface Candidate {
  readonly latest: BundleHead | undefined;
  readonly edition: SaidEdition;
  /** What its bytes are called: those of a small estate are stored with the version, those of a large one are there already. */
  readonly stored: (db: Db) => Promise<StoredContents>;
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
    private readonly work: EditionWork,
    private readonly releases: ReleaseWriter,
  ) {}

  /** Stores nothing. Refuses (not-found) an environment that does not exist. */
  async preview(ctx: RequestContext, environment: string): Promise<Preview> {
    const large = await this.holdPreview(ctx, environment);
    if (!large) return this.smallPreview(environment);
    const latest = await this.bundles.head(this.units.reader, environment);
    return this.work.inThread('previewEdition', { environment, latest });
  }

  /** The same, written: that of a large estate is written where it is made. */
  async writePreview(ctx: RequestContext, environment: string, type: AnswerType): Promise<Uint8Array> {
    const large = await this.holdPreview(ctx, environment);
    if (!large) return writePreview(await this.smallPreview(environment), type);
    const latest = await this.bundles.head(this.units.reader, environment);
    return this.work.inThread('writePreviewEdition', { environment, latest, type });
  }

  private holdPreview(ctx: RequestContext, environment: string): Promise<boolean> {
    requireScope(ctx, 'read', environment);
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    return this.work.modelIsLarge();
  }

  private async smallPreview(environment: string): Promise<Preview> {
    const { latest, edition } = await this.rendered(this.units.reader, environment, 'preview');
    return previewOf(edition, latest);
  }

  /**
   * Publishes under the environment's lock, so that versions are 1..N in commit order: read, render, compare, prove, store.
   * Refuses (version-conflict) where the latest version is not `expectedVersion`, (invalid) what may not be published, and (not-proved)
   * bytes that do not allow exactly what is declared.
   */
  async publish(ctx: RequestContext, environment: string, raw: unknown): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const { message, expectedVersion } = parseOrRefuse(publishSchema, raw ?? {}, 'the publish');
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    const large = await this.work.modelIsLarge();
    const make = (db: Db) => (large ? this.prepared(db, ctx, environment) : this.small(db, ctx, environment));
    for (let tries = 1; ; tries++) {
      const ahead = large && tries <= AHEAD_TRIES;
      try {
        const made = ahead ? await make(this.units.reader) : undefined;
        return await this.units.write(ctx, ['publish', environment, raw ?? {}], (db) =>
          this.publishLocked(db, ctx, { environment, message, expectedVersion, made: () => made ?? make(db) }),
        );
      } catch (error) {
        const again = error instanceof Overtaken || (isGone(error) && tries < GONE_TRIES);
        if (!again) throw error;
      }
    }
  }

  private async publishLocked(
    db: Db,
    ctx: RequestContext,
    asked: {
      readonly environment: string;
      readonly message: string | undefined;
      readonly expectedVersion: number | undefined;
      readonly made: () => Candidate | Promise<Candidate>;
    },
  ): Promise<Published> {
    const { environment, message, expectedVersion } = asked;
    if (!(await this.bundles.lockEnvironment(db, environment))) throw noEnvironment(environment);
    const version = (await this.bundles.latestVersion(this.units.sql(db), environment)) ?? 0;
    holdVersion(environment, expectedVersion, version);
    const made = await asked.made();
    if ((made.latest?.version ?? 0) !== version) throw new Overtaken();
    if (made.latest?.digest === made.edition.digest) return this.standing(db, made.latest);
    refuseErrors(environment, made.edition.findings);
    const proof = holdProof(environment, made.edition.digest, provedOf(made.edition));
    const { blobs, archive } = await made.stored(db);
    const said = bundleOf(made.edition, { ...{ version: version + 1, proof, message, blobs }, ctx });
    if (ctx.dryRun) return { bundle: { ...said, publishedAt: ctx.now.toISOString() }, created: true };
    const bundle = await this.bundles.insert(db, said);
    await this.releases.put(this.units.sql(db), bundle, archive);
    return { bundle, created: true };
  }

  private async standing(db: Db, { environment, version }: BundleHead): Promise<Published> {
    const bundle = await this.bundles.get(db, environment, version);
    if (bundle === undefined) throw new Error(`version ${version} of ${environment} is gone`);
    return { bundle, created: false };
  }

  /**
   * A large estate: read, rendered and proved in a thread, which also stores the bytes, as they are most of the writing. It has a connection of its
   * own, and sees what is committed: under the lock that is all there is.
   */
  private async prepared(db: Db, { dryRun }: RequestContext, environment: string): Promise<Candidate> {
    const latest = await this.bundles.head(db, environment);
    const order = { environment, latest, purpose: dryRun ? 'dry-run' : 'publish' } as const;
    const { stored, ...edition } = await this.work.inThread('prepareEdition', order);
    const held = (into: Db): Promise<StoredContents> => {
      const written = writtenOf(edition, stored);
      return dryRun ? Promise.resolve(written) : this.contents.hold(this.units.sql(into), written);
    };
    return { latest, edition, stored: held };
  }

  private async small(db: Db, { dryRun }: RequestContext, environment: string): Promise<Candidate> {
    const { latest, edition } = await this.rendered(db, environment, 'publish');
    const { contents, ...said } = edition;
    const stored = (into: Db): Promise<StoredContents> => {
      const written = writtenOf(edition, contents);
      return dryRun ? Promise.resolve(namesOf(written)) : this.contents.putHeld(this.units.sql(into), written);
    };
    return { latest, edition: said, stored };
  }

  /** Refuses (not-found) an environment that does not exist. */
  private async rendered(db: Db, environment: string, purpose: 'preview' | 'publish') {
    const snapshot = await this.snapshots.read(db, environment);
    if (snapshot === undefined) throw noEnvironment(environment);
    const latest = await this.bundles.head(db, environment);
    const predecessor = latest && (await readPredecessor(this.contents, this.units.sql(db), latest));
    const bytes = snapshot.length + (predecessor?.objects.length ?? 0);
    const order = { snapshot, predecessor, contents: purpose === 'publish' };
    return { latest, edition: await this.work.render(order, bytes) };
  }
}

/** Retention was faster: a ContentGone, which is a plain refusal where it comes from a thread. */
function isGone(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'gone';
}

/** What is neither that of the predecessor nor refused was written. */
function writtenOf<T>({ digest }: SaidEdition, written: T | undefined): T {
  if (written === undefined) throw new Error(`nothing was written of ${digest}`);
  return written;
}

/** What the store keeps of an edition. */
function bundleOf(
  edition: SaidEdition,
  made: {
    readonly version: number;
    readonly proof: ProofSummary;
    readonly message: string | undefined;
    readonly blobs: BundleBlobs;
    readonly ctx: RequestContext;
  },
): NewBundle {
  const { environment, digest, revision, counts, findings } = edition;
  const { objects: _, flows: __, ...changes } = edition.changes;
  const { version, proof, message, blobs, ctx } = made;
  return {
    ...{ environment, version, digest, revision, counts, findings, proof, changes, blobs },
    ...compact({ message, reason: ctx.reason }),
    publishedBy: ctx.actor,
  };
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
