import type { Problem } from '../../domain/errors.js';
import type { Tag } from '../../domain/model/tag.js';
import { notFound, ResourceService } from '../../platform/resource/resource.service.js';
import { tagSchema } from '../../schema/tag.js';
import type { BundleStore } from '../../store/bundle.store.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { Filter } from '../../store/model-store.js';
import type { TagStore } from '../../store/tag.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** Tags are written as the objects of the model are, by whoever may publish: the change log says who moved which tag, when and why. */
export class TagService extends ResourceService<Tag> {
  constructor(
    units: UnitOfWork,
    tags: TagStore,
    private readonly environments: EnvironmentStore,
    private readonly bundles: BundleStore,
  ) {
    super({ kind: 'tag', schema: tagSchema, keyFields: ['environment', 'name'], scope: 'publish' }, tags, units);
  }

  protected override async holdListed(db: Db, filter: Filter): Promise<void> {
    await this.holdEnvironment(db, String(filter['environment']));
  }

  protected async rules(db: Db, { environment, version }: Partial<Tag>): Promise<Problem[]> {
    if (environment === undefined) return [];
    await this.holdEnvironment(db, environment);
    if (version === undefined || (await this.bundles.get(db, environment, version)) !== undefined) return [];
    const removal = await this.bundles.removal(db, environment, version);
    const why = removal === undefined ? 'does not exist' : `was removed at ${removal.removedAt}`;
    const detail = `version ${version} of environment "${environment}" ${why}`;
    return [{ pointer: '#/version', code: 'unknown-version', detail, value: version }];
  }

  private async holdEnvironment(db: Db, name: string): Promise<void> {
    if (!(await this.environments.get(db, { name }))) throw notFound(`environment "${name}"`);
  }
}
