import { type Problem, refuse } from '../../domain/errors.js';
import { missing } from '../../domain/validate/references.js';
import type { Parsed } from '../../schema/parse.js';
import type { Bundle, BundleStore } from '../../store/bundle.store.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { TagStore } from '../../store/tag.store.js';
import type { CandidateSource } from './candidate.js';
import { isTag, type PublishedRef, readPublished } from './version-ref.js';
import { VersionRemoved } from './version-removed.js';

/** As a body names a version. */
type Named = number | string;

/** A version that was looked for: the version, or what there is to say. */
interface Found {
  readonly bundle?: Bundle;
  readonly problems: readonly Problem[];
  readonly removed?: VersionRemoved;
}

/** Finds the versions that promotions and rollbacks name, as they are in a transaction. */
export class NamedVersionFinder {
  constructor(
    private readonly units: UnitOfWork,
    private readonly bundles: BundleStore,
    private readonly tags: TagStore,
    private readonly environments: EnvironmentStore,
  ) {}

  /** Refuses (invalid) what cannot be read and a version or tag that there is not, together, and (gone) a version that was removed. */
  async rollback(db: Db, environment: string, { parts, problems }: Parsed<{ to: Named }>): Promise<CandidateSource> {
    const found = await this.find(db, environment, parts.to, '#/to');
    return { kind: 'rollback', version: held(found, problems, 'the rollback') };
  }

  /** As rollback; also (invalid) an environment that there is not, and the target itself. */
  async promotion(
    db: Db,
    target: string,
    { parts, problems }: Parsed<{ from: string; version: Named }>,
  ): Promise<CandidateSource> {
    const { from, version } = parts;
    const wrong = from === undefined ? [] : await this.sourceProblems(db, target, from);
    const found =
      from === undefined || wrong.length > 0 ? { problems: [] } : await this.find(db, from, version, '#/version');
    return { kind: 'promotion', version: held(found, [...problems, ...wrong], 'the promotion') };
  }

  private async sourceProblems(db: Db, target: string, from: string): Promise<Problem[]> {
    if (from === target) {
      const detail = `a promotion comes from another environment than "${target}": a rollback goes to an earlier version of it`;
      return [{ pointer: '#/from', code: 'same-environment', detail, value: from }];
    }
    if ((await this.environments.get(db, { name: from })) !== undefined) return [];
    const have = await this.environments.list(db, {}, { after: undefined, take: 11 });
    return [
      missing(
        '#/from',
        'environment',
        from,
        'the promotion',
        have.map(({ value }) => value.name),
      ),
    ];
  }

  private async find(db: Db, environment: string, named: Named | undefined, pointer: string): Promise<Found> {
    if (named === undefined) return { problems: [] };
    const ref = typeof named === 'number' ? named : readPublished(named);
    const number = await this.numberOf(db, environment, ref);
    const bundle = number === undefined ? undefined : await this.bundles.get(db, environment, number);
    if (bundle !== undefined) return { bundle, problems: [] };
    if (isTag(ref)) {
      const have = await this.tags.names(db, environment);
      return { problems: [missing(pointer, 'tag', ref.tag, `environment "${environment}"`, have)] };
    }
    const what = `version ${ref} of environment "${environment}"`;
    const removal = number && (await this.bundles.removal(db, environment, number));
    if (removal) return { problems: [], removed: new VersionRemoved(what, removal) };
    const detail = ref === 'latest' ? `environment "${environment}" has no version yet` : `${what} does not exist`;
    return { problems: [{ pointer, code: 'unknown-version', detail, value: named }] };
  }

  private async numberOf(db: Db, environment: string, ref: PublishedRef): Promise<number | undefined> {
    if (typeof ref === 'number') return ref;
    if (ref === 'latest') return this.bundles.latestVersion(this.units.sql(db), environment);
    return (await this.tags.named(db, [{ environment, name: ref.tag }]))[0]?.version;
  }
}

function held({ bundle, problems, removed }: Found, others: readonly Problem[], what: string): Bundle {
  refuse([...others, ...problems], what);
  if (bundle !== undefined) return bundle;
  throw removed ?? new Error(`${what} names nothing, and nobody said so`);
}
