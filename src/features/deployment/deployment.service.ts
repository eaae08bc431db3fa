import { refuse, SluiceError } from '../../domain/errors.js';
import { dnsLabel, dnsSubdomain, quote } from '../../domain/model/names.js';
import { CLUSTERS_MAX, reportProblems } from '../../domain/validate/report.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { Page } from '../../platform/http/page.js';
import { notFound, type Paging } from '../../platform/resource/resource.service.js';
import { reportSchema } from '../../schema/deployment.js';
import { parseInput } from '../../schema/parse.js';
import type { Deployment, DeploymentStore } from '../../store/deployment.store.js';
import type { Sql } from '../../store/sql.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { type DeploymentFilter, deploymentList } from './deployment-list.js';

/** More than there are transactions at once: with fewer clusters to spare, new ones wait for each other. */
const NEAR = 1_000;

export interface Reported {
  readonly deployment: Deployment;
  /** True: the cluster was not known. */
  readonly created: boolean;
}

/**
 * What clusters say of the versions that they were given. It is no part of the model: a report makes no revision and no entry in the change
 * log. So whoever may read may report: a report says what its sender did, and changes neither what is declared nor what is served.
 */
export class DeploymentService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly deployments: DeploymentStore,
  ) {}

  /** Refuses (invalid) a version that was never published, a digest that is not of it, and a cluster too many. */
  async report(ctx: RequestContext, environment: string, raw: unknown): Promise<Reported> {
    requireScope(ctx, 'read', environment);
    holdName(environment);
    return this.units.write(ctx, ['report', environment, raw], async (db) => {
      const sql = this.units.sql(db);
      const { created, ...report } = await this.decide(sql, environment, raw);
      const deployment = await this.deployments.report(sql, { ...report, environment, by: ctx.actor });
      await this.deployments.dropOld(sql);
      return { deployment, created };
    });
  }

  /** By the name of the cluster; those that were heard of lately. */
  async list(
    ctx: RequestContext,
    environment: string,
    filter: DeploymentFilter,
    paging: Paging,
  ): Promise<Page<Deployment>> {
    requireScope(ctx, 'read', environment);
    holdName(environment);
    const list = deploymentList(environment, filter, paging);
    const [rows = []] = await this.deployments.pages(this.units.sql(this.units.reader), [list.asked]);
    if (rows.length === 0) await this.holdEnvironment(environment);
    return list.page(rows);
  }

  async get(ctx: RequestContext, environment: string, cluster: string): Promise<Deployment> {
    requireScope(ctx, 'read', environment);
    holdName(environment);
    const sql = this.units.sql(this.units.reader);
    const found = isCluster(cluster) ? await this.deployments.get(sql, environment, cluster) : undefined;
    return found ?? this.unheard(environment, cluster);
  }

  /** For a cluster that is gone. One that is not is back with its next report. */
  async forget(ctx: RequestContext, environment: string, cluster: string): Promise<void> {
    requireScope(ctx, 'write', environment);
    holdName(environment);
    await this.units.write(ctx, ['forget', environment, cluster], async (db) => {
      const found = isCluster(cluster) && (await this.deployments.forget(this.units.sql(db), environment, cluster));
      if (!found) await this.unheard(environment, cluster);
    });
  }

  /** The one refusal: problems of shape, and of the versions and clusters that there are, together. */
  private async decide(sql: Sql, environment: string, raw: unknown) {
    const { value, parts, problems } = parseInput(reportSchema, raw);
    const { cluster, version = 0 } = parts;
    const facts = await this.deployments.facts(sql, environment, cluster ?? '', version);
    if (facts === undefined) throw notFound(`environment ${quote(environment)}`);
    const { latest, digests } = facts;
    const others =
      cluster !== undefined && (facts.others ?? 0) >= CLUSTERS_MAX - NEAR
        ? await this.deployments.othersLocked(sql, environment, cluster)
        : facts.others;
    const against = reportProblems(parts, { environment, latest, digests, others });
    refuse([...problems, ...against], cluster === undefined ? 'the report' : `the report of cluster ${quote(cluster)}`);
    const { digest, result, message } = value!;
    return { cluster: value!.cluster, version, digest, result, message, created: others !== undefined };
  }

  private async unheard(environment: string, cluster: string): Promise<never> {
    await this.holdEnvironment(environment);
    const detail = `nothing was heard of cluster ${quote(cluster)} of environment "${environment}" lately`;
    throw new SluiceError('not-found', detail);
  }

  private async holdEnvironment(name: string): Promise<void> {
    const row = await this.units.lookup('environment', { name });
    if (row === undefined) throw notFound(`environment ${quote(name)}`);
  }
}

/** No database is asked for what none could hold. */
function holdName(environment: string): void {
  if (dnsLabel(environment) !== undefined) throw notFound(`environment ${quote(environment)}`);
}

function isCluster(cluster: string): boolean {
  return dnsSubdomain(cluster) === undefined;
}
