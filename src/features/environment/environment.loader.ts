import type { Environment } from '../../domain/model/entities.js';
import { type ModelObject, modelObject } from '../../platform/graphql/model-object.js';
import { reading, Relation, toOne } from '../../platform/graphql/relation.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** As many as one answer names where something holds in all of them. */
const ALL_MAX = 1000;

export class EnvironmentLoader {
  readonly byName;
  /** The key does not matter. */
  readonly all: Relation<readonly ModelObject<Environment>[]>;

  constructor(units: UnitOfWork, store: EnvironmentStore) {
    this.byName = toOne(reading(units, 'environment by name', store), ({ name }) => name);
    this.all = new Relation(async (_, { ctx }) => {
      const window = { after: undefined, take: ALL_MAX };
      const rows = await units.read(ctx.readFrom, ({ db }) => store.list(db, {}, window));
      const all = rows.map(modelObject);
      return () => all;
    });
  }
}
