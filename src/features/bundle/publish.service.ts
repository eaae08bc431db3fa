import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { dnsLabel } from '../../domain/model/names.js';
import type { Difference, Proof } from '../../domain/prove/proof.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { promotionSchema, publishSchema, rollbackSchema } from '../../schema/bundle.js';
import { parseInput, parseOrRefuse } from '../../schema/parse.js';
import type { BundleHead } from '../../store/bundle-blobs.js';
import type { Bundle, BundleStore, NewBundle, ProofSummary } from '../../store/bundle.store.js';
import { compact } from '../../store/compact.js';
import type { Db } from '../../store/database.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { now, phase, tell } from '../../seeing/phase.js';
import { noEnvironment } from '../../work/edition-source.js';
import { provedOf } from '../../work/preview-edition.js';
import type { Candidate, CandidateSource } from './candidate.js';
import type { CandidateMaker } from './candidate.maker.js';
import type { NamedVersionFinder } from './named-version.finder.js';
import type { ReleaseWriter } from './release.writer.js';
import { VersionRemoved } from './version-removed.js';

/** How often what was rendered ahead may be overtaken by another publish, before it is rendered under the lock. */
const AHEAD_TRIES = 3;
/** How often retention may take what a publish was about to refer to, before something else must be wrong. */
const GONE_TRIES = 8;

export interface Published {
  readonly bundle: Bundle;
  /** False: the latest version has the same content, and stands. */
  readonly created: boolean;
}

/** A new version of an environment that is asked for, whatever it is made of. */
interface Asked {
  readonly environment: string;
  readonly message?: string | undefined;
  readonly expectedVersion?: number | undefined;
  /** The request, for the fingerprint of its key. */
  readonly request: readonly unknown[];
  /** What it is made of, as that is in a transaction. Refuses what there is not. */
  readonly source: (db: Db) => Promise<CandidateSource>;
}

/** What was rendered ahead was overtaken by another publish. */
class Overtaken extends Error {}

/** Makes the next version of an environment: of its working model, of a version of another environment, or of an earlier version. */
export class PublishService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly versions: NamedVersionFinder,
    private readonly candidates: CandidateMaker,
    private readonly releases: ReleaseWriter,
  ) {}

  /**
   * Renders the working model. Refuses (version-conflict) where the latest version is not `expectedVersion`, (invalid) what may not be
   * published, and (not-proved) bytes that do not allow exactly what is declared.
   */
  async publish(ctx: RequestContext, environment: string, raw: unknown = {}): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const asked = parseOrRefuse(publishSchema, raw, 'the publish');
    const source = () => Promise.resolve({ kind: 'model' } as const);
    return this.release(ctx, { ...asked, environment, source, request: ['publish', environment, raw] });
  }

  /**
   * Takes a version of another environment here: what it declares, with the placements, profile and addresses of this one. Refuses as publish
   * does, (invalid) what of it would not hold here, and (gone) a version that was removed.
   */
  async promote(ctx: RequestContext, environment: string, raw: unknown): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const parsed = parseInput(promotionSchema, raw);
    if (parsed.parts.from !== undefined) requireScope(ctx, 'read', parsed.parts.from);
    const source = (db: Db) => this.versions.promotion(db, environment, parsed);
    if (parsed.value === undefined) await this.refuseUnread(environment, source);
    return this.release(ctx, { ...parsed.value, environment, source, request: ['promote', environment, raw] });
  }

  /** Publishes an earlier version again, byte for byte. Refuses as publish does, and (gone) a version that was removed. */
  async rollBack(ctx: RequestContext, environment: string, raw: unknown): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const parsed = parseInput(rollbackSchema, raw);
    const source = (db: Db) => this.versions.rollback(db, environment, parsed);
    if (parsed.value === undefined) await this.refuseUnread(environment, source);
    return this.release(ctx, { ...parsed.value, environment, source, request: ['rollback', environment, raw] });
  }

  /** With what cannot be read, what there is not is told too. */
  private async refuseUnread(environment: string, source: Asked['source']): Promise<void> {
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    await source(this.units.reader);
  }

  /** The one way to a new version, under the environment's lock, so that versions are 1..N in commit order: read, render, compare, prove, store. */
  private async release(ctx: RequestContext, asked: Asked): Promise<Published> {
    const { environment } = asked;
    if (dnsLabel(environment) !== undefined) throw noEnvironment(environment);
    const modelIsLarge = await this.candidates.modelIsLarge();
    const make = async (db: Db): Promise<Candidate> =>
      this.candidates.make(db, ctx, environment, { source: await asked.source(db), modelIsLarge });
    for (let tries = 1; ; tries++) {
      // A refusal is told within: a request that was answered already has that answer, whatever it would be now.
      const ahead = modelIsLarge && tries <= AHEAD_TRIES ? await outcomeOf(make(this.units.reader)) : undefined;
      try {
        return await this.committed(ctx, asked, (db) =>
          this.releaseLocked(db, ctx, asked, () => ahead?.() ?? make(db)),
        );
      } catch (error) {
        const again = error instanceof Overtaken || (isGone(error) && tries < GONE_TRIES);
        if (!again) throw error;
      }
    }
  }

  /** One transaction; what it does after its work is done is to commit. */
  private async committed(
    ctx: RequestContext,
    { environment, request }: Asked,
    work: (db: Db) => Promise<Published>,
  ): Promise<Published> {
    let began = now();
    const published = await this.units.writeInTurn(`versions of ${environment}`, ctx, request, (db) =>
      work(db).finally(() => (began = now())),
    );
    if (!ctx.dryRun) tell({ name: 'commit', began, ended: now() });
    return published;
  }

  private async releaseLocked(
    db: Db,
    ctx: RequestContext,
    { environment, message, expectedVersion }: Asked,
    make: () => Candidate | Promise<Candidate>,
  ): Promise<Published> {
    const locked = await phase('lock', () => this.bundles.lockEnvironment(db, environment));
    if (!locked) throw noEnvironment(environment);
    const version = (await this.bundles.latestVersion(this.units.sql(db), environment)) ?? 0;
    holdVersion(environment, expectedVersion, version);
    const made = await make();
    if ((made.latest?.version ?? 0) !== version) throw new Overtaken();
    if (made.latest?.digest === made.edition.digest) return this.standing(db, made.latest);
    refuseErrors(environment, made.edition.findings);
    const proof = holdProof(environment, made.edition.digest, provedOf(made.edition));
    const { archive, ...names } = await made.stored(db);
    const said = bundleOf(made, { ...{ version: version + 1, proof, message, names }, ctx });
    if (ctx.dryRun) return { bundle: { ...said, publishedAt: ctx.now.toISOString() }, created: true };
    const bundle = await phase('insert', () => this.bundles.insert(db, said));
    await this.releases.put(this.units.sql(db), bundle, archive, ctx.trace?.headers);
    return { bundle, created: true };
  }

  private async standing(db: Db, { environment, version }: BundleHead): Promise<Published> {
    const bundle = await this.bundles.get(db, environment, version);
    if (bundle === undefined) throw new Error(`version ${version} of ${environment} is gone`);
    return { bundle, created: false };
  }
}

/** Waits for it, and gives or throws what came of it when it is asked for. */
function outcomeOf<T>(made: Promise<T>): Promise<() => T> {
  const thrown = (error: unknown) => (): never => {
    throw error;
  };
  return made.then((value) => () => value, thrown);
}

/** Retention was faster: a ContentGone, which is a plain refusal where it comes from a thread. A version that is named and removed is no such thing. */
function isGone(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'gone' && !(error instanceof VersionRemoved);
}

/** What the store keeps of an edition. */
function bundleOf(
  { edition, origin }: Candidate,
  made: {
    readonly version: number;
    readonly proof: ProofSummary;
    readonly message: string | undefined;
    readonly names: Pick<Bundle, 'blobs' | 'jsonDigest'>;
    readonly ctx: RequestContext;
  },
): NewBundle {
  const { environment, digest, revision, counts, findings } = edition;
  const { objects: _, flows: __, ...changes } = edition.changes;
  const { version, proof, message, names, ctx } = made;
  return {
    ...{ environment, version, digest, revision, origin, counts, findings, proof, changes, ...names },
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
