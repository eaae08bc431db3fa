import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import { Relation } from '../../platform/graphql/relation.js';
import type { Page } from '../../platform/http/page.js';
import type { Paging } from '../../platform/resource/resource.service.js';
import type { Deployment, DeploymentPage, DeploymentStore } from '../../store/deployment.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import { type DeploymentFilter, deploymentList } from './deployment-list.js';

/** The clusters of many environments in one round trip. */
export class DeploymentLoader {
  /** The key is the page that is asked for, as JSON. */
  private readonly pages: Relation<readonly Deployment[]>;

  constructor(units: UnitOfWork, deployments: DeploymentStore) {
    this.pages = new Relation(async (keys) => {
      const asked = keys.map((key) => JSON.parse(key) as DeploymentPage);
      const found = await deployments.pages(units.sql(units.reader), asked);
      const byKey = new Map(keys.map((key, n) => [key, found[n] ?? []]));
      return (key) => byKey.get(key) ?? [];
    });
  }

  async page(
    gql: GraphQLContext,
    environment: string,
    filter: DeploymentFilter,
    paging: Paging,
  ): Promise<Page<Deployment>> {
    requireScope(gql.ctx, 'read', environment);
    const list = deploymentList(environment, filter, paging);
    return list.page(await this.pages.load(gql, JSON.stringify(list.asked)));
  }
}
