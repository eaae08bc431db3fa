import type { Tag } from '../../domain/model/tag.js';
import { requireScope } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/graphql.context.js';
import type { ModelObject } from '../../platform/graphql/model-object.js';
import { reading, toMany } from '../../platform/graphql/relation.js';
import type { TagStore, VersionName } from '../../store/tag.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

export class TagLoader {
  private readonly byEnvironment;
  private readonly byVersion;

  constructor(units: UnitOfWork, store: TagStore) {
    this.byEnvironment = toMany(reading(units, 'tag of environment', store), ({ environment }) => [environment]);
    this.byVersion = toMany(reading(units, 'tag of version', store), keyOf);
  }

  ofEnvironment(gql: GraphQLContext, environment: string): Promise<readonly ModelObject<Tag>[]> {
    requireScope(gql.ctx, 'read', environment);
    return this.byEnvironment.load(gql, environment);
  }

  async namesOf(gql: GraphQLContext, version: VersionName): Promise<string[]> {
    return (await this.byVersion.load(gql, `${version.environment}/${version.version}`)).map(({ name }) => name);
  }
}

function keyOf({ environment, version }: Tag): [string] {
  return [`${environment}/${version}`];
}
