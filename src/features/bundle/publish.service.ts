import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import { diffFlows } from '../../domain/diff/flows.js';
import { diffObjects } from '../../domain/diff/objects.js';
import { type Finding, sortFindings } from '../../domain/finding.js';
import { lintModel } from '../../domain/lint/model/lint-model.js';
import { dnsLabel } from '../../domain/model/names.js';
import type { Snapshot } from '../../domain/model/snapshot.js';
import { prove } from '../../domain/prove/prove.js';
import type { Difference, Proof } from '../../domain/prove/proof.js';
import { type RenderedBundle, renderBundle, wholeYaml } from '../../domain/render/bundle.js';
import { digest } from '../../domain/render/digest.js';
import { writeJsonList } from '../../domain/render/json.js';
import { writeTar } from '../../domain/render/tar.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { notFound } from '../../platform/resource/resource.service.js';
import { publishSchema } from '../../schema/bundle.js';
import { parseOrRefuse } from '../../schema/parse.js';
import type { Blob, Bundle, BundleStore, ProofSummary } from '../../store/bundle.store.js';
import type { Db } from '../../store/database.js';
import type { SnapshotStore } from '../../store/snapshot.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { EditionLoader } from './edition.loader.js';

const compress = promisify(gzip);

export interface Published {
  readonly bundle: Bundle;
  /** False: the latest version has the same content, and stands. */
  readonly created: boolean;
}

/** What publishing now would do. */
export interface Preview extends Pick<RenderedBundle, 'environment' | 'revision' | 'digest' | 'counts' | 'findings'> {
  readonly wouldPublish: boolean;
  readonly latestVersion: number;
  readonly nextVersion: number;
  /** Whether the bytes allow exactly what is declared, and where they do not. */
  readonly proof: Proof;
  readonly changes: { readonly objects: ReturnType<typeof diffObjects>; readonly flows: ReturnType<typeof diffFlows> };
}

/** Renders the working model of an environment and makes it the next version. */
export class PublishService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly snapshots: SnapshotStore,
    private readonly editions: EditionLoader,
  ) {}

  /** Stores nothing. Refuses (not-found) an environment that does not exist. */
  async preview(ctx: RequestContext, environment: string): Promise<Preview> {
    requireScope(ctx, 'read', environment);
    const snapshot =
      dnsLabel(environment) === undefined ? await this.snapshots.load(this.units.reader, environment) : undefined;
    if (snapshot === undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    const latest = await this.bundles.latest(this.units.reader, environment);
    const rendered = renderBundle(snapshot);
    const { revision, digest, counts } = rendered;
    const findings = findingsOf(snapshot, rendered);
    const same = latest?.digest === digest;
    const proof = prove(snapshot, wholeYaml(rendered));
    return {
      ...{ environment, revision, digest, counts, findings },
      wouldPublish: !same && proof.equal && !findings.some((finding) => finding.severity === 'error'),
      proof,
      latestVersion: latest?.version ?? 0,
      nextVersion: (latest?.version ?? 0) + (same ? 0 : 1),
      changes: same ? { objects: [], flows: [] } : await this.changes(latest, rendered, snapshot),
    };
  }

  /**
   * Publishes under the environment's lock, so that versions are 1..N in commit order: read, render, compare, prove, store.
   * Refuses (version-conflict) where the latest version is not `expectedVersion`, (invalid) what may not be published, and (not-proved)
   * bytes that do not allow exactly what is declared.
   */
  publish(ctx: RequestContext, environment: string, raw: unknown): Promise<Published> {
    requireScope(ctx, 'publish', environment);
    const { message, expectedVersion } = parseOrRefuse(publishSchema, raw ?? {}, 'the publish');
    if (dnsLabel(environment) !== undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
    return this.units.write(ctx, ['publish', environment, raw ?? {}], async (db) => {
      const locked = await this.bundles.lockEnvironment(db, environment);
      const snapshot = locked ? await this.snapshots.load(db, environment) : undefined;
      if (snapshot === undefined) throw notFound(`environment ${JSON.stringify(environment)}`);
      const latest = await this.bundles.latest(db, environment);
      holdVersion(environment, expectedVersion, latest?.version ?? 0);
      const rendered = renderBundle(snapshot);
      if (latest?.digest === rendered.digest) return { bundle: latest, created: false };
      refuseErrors(environment, rendered);
      const proof = holdProof(environment, rendered.digest, prove(snapshot, wholeYaml(rendered)));
      const bundle = await this.store(db, ctx, {
        snapshot,
        rendered,
        proof,
        message,
        version: (latest?.version ?? 0) + 1,
      });
      return { bundle, created: true };
    });
  }

  private async store(
    db: Db,
    ctx: RequestContext,
    made: {
      readonly snapshot: Snapshot;
      readonly rendered: RenderedBundle;
      readonly proof: ProofSummary;
      readonly message: string | undefined;
      readonly version: number;
    },
  ): Promise<Bundle> {
    const { rendered, proof, version, message } = made;
    const yaml = blobOf(wholeYaml(rendered));
    const json = blobOf(Buffer.from(writeJsonList(rendered.policies)));
    const tar = blobOf(await compress(writeTar(rendered.namespaces), { level: 9 }));
    const snapshot = blobOf(Buffer.from(JSON.stringify(made.snapshot)));
    await this.bundles.putBlobs(db, [yaml, json, tar, snapshot]);
    const { environment, digest, revision, counts } = rendered;
    const findings = findingsOf(made.snapshot, rendered);
    const blobs = { yaml: yaml.digest, json: json.digest, tar: tar.digest, snapshot: snapshot.digest };
    return this.bundles.insert(db, {
      ...{ environment, version, digest, revision, counts, findings, proof, blobs },
      ...{ message, reason: ctx.reason, publishedBy: ctx.actor },
    });
  }

  private async changes(
    latest: Bundle | undefined,
    rendered: RenderedBundle,
    snapshot: Snapshot,
  ): Promise<Preview['changes']> {
    const before = latest && {
      policies: await this.editions.policiesOf(latest),
      snapshot: await this.editions.snapshotOf(latest),
    };
    return {
      objects: diffObjects(before?.policies ?? [], rendered.policies),
      flows: diffFlows(before?.snapshot ?? { ...snapshot, flows: [], placements: [] }, snapshot),
    };
  }
}

/** What compile and render notice, and what lint finds: a preview shows it, and a version keeps it. */
function findingsOf(snapshot: Snapshot, rendered: RenderedBundle): readonly Finding[] {
  return sortFindings([...rendered.findings, ...lintModel(snapshot)]);
}

function holdVersion(environment: string, expected: number | undefined, latest: number): void {
  if (expected === undefined || expected === latest) return;
  throw new SluiceError(
    'version-conflict',
    `the latest version of environment "${environment}" is ${latest}, not ${expected}: look at what changed, then publish again`,
  );
}

function refuseErrors(environment: string, rendered: RenderedBundle): void {
  const errors = rendered.findings.filter((finding) => finding.severity === 'error');
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

function blobOf(bytes: Uint8Array): Blob {
  return { digest: digest(bytes), bytes };
}
