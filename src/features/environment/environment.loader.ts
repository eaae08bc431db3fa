import type { Environment } from '../../domain/model/entities.js';
import { type ModelObject, modelObject } from '../../platform/graphql/model-object.js';
import { Relation, toOne } from '../../platform/graphql/relation.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** As many as one answer names where something holds in all of them. */
const ALL_MAX = 1000;

export class EnvironmentLoader {
  constructor(
    private readonly units: UnitOfWork,
    private readonly environments: EnvironmentStore,
  ) {}

  readonly byName = toOne(
    (names) => this.environments.byNames(this.units.reader, names),
    (environment) => environment.name,
  );

  /** The key does not matter. */
  readonly all = new Relation<readonly ModelObject<Environment>[]>(async () => {
    const window = { after: undefined, take: ALL_MAX };
    const all = (await this.environments.list(this.units.reader, {}, window)).map(modelObject);
    return () => all;
  });
}
