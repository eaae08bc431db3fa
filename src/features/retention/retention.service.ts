import { refuse } from '../../domain/errors.js';
import { type DatedVersion, type RetentionRule, versionsToGo } from '../../domain/retention.js';
import { missing } from '../../domain/validate/references.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { parseOrRefuse } from '../../schema/parse.js';
import { retentionSchema } from '../../schema/retention.js';
import type { BundleCache } from '../../store/bundle.cache.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { RetentionStore, Swept } from '../../store/retention.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** How many versions go at once: publishes wait meanwhile. */
const VERSIONS_MAX = 1_000;

/** What went, or would go. */
export interface Retention extends RetentionRule, Swept {
  readonly environments: readonly RetentionOfEnvironment[];
  readonly complete: boolean;
}

export interface RetentionOfEnvironment {
  readonly environment: string;
  readonly removed: readonly number[];
  readonly kept: number;
}

/** Removes the versions that nothing keeps, and the content that only they had. */
export class RetentionService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly store: RetentionStore,
    private readonly environments: EnvironmentStore,
    private readonly cache: BundleCache,
    private readonly settings: RetentionRule,
  ) {}

  /**
   * One transaction, which a dry run rolls back: so it says exactly what would go. What is asked stands in place of the settings, field by
   * field. Refuses (invalid) an environment that does not exist.
   */
  async apply(ctx: RequestContext, raw: unknown = {}): Promise<Retention> {
    requireScope(ctx, 'admin');
    const { environment, ...asked } = parseOrRefuse(retentionSchema, raw, 'the retention');
    const rule = { ...this.settings, ...asked };
    const gone = await this.units.write(ctx, ['retention', raw], async (db) => {
      await this.holdEnvironment(db, environment);
      return this.remove(db, ctx, rule, environment);
    });
    this.cache.forget();
    return gone;
  }

  private async remove(
    db: Db,
    ctx: RequestContext,
    rule: RetentionRule,
    environment: string | undefined,
  ): Promise<Retention> {
    const sql = this.units.sql(db);
    await this.store.begin(sql);
    const versions = await this.store.versions(sql, environment);
    const all = versionsToGo(versions, rule, ctx.now);
    const going = all.slice(-VERSIONS_MAX);
    await this.store.remove(sql, going, ctx);
    const swept = await this.store.sweep(sql);
    await this.store.tell(sql);
    return { ...rule, environments: byEnvironment(versions, going), complete: going.length === all.length, ...swept };
  }

  private async holdEnvironment(db: Db, name: string | undefined): Promise<void> {
    if (name === undefined || (await this.environments.get(db, { name }))) return;
    const have = await this.environments.list(db, {}, { after: undefined, take: 11 });
    const names = have.map((environment) => environment.value.name);
    refuse([missing('#/environment', 'environment', name, 'the retention', names)], 'the retention');
  }
}

function byEnvironment(versions: readonly DatedVersion[], going: readonly DatedVersion[]): RetentionOfEnvironment[] {
  const removed = new Map<string, number[]>();
  const total = new Map<string, number>();
  for (const { environment } of versions) total.set(environment, (total.get(environment) ?? 0) + 1);
  for (const { environment, version } of going.toReversed())
    removed.set(environment, removed.get(environment)?.concat(version) ?? [version]);
  return [...total].map(([environment, count]) => {
    const numbers = removed.get(environment) ?? [];
    return { environment, removed: numbers, kept: count - numbers.length };
  });
}
