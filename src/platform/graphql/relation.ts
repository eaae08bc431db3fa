import DataLoader from 'dataloader';
import type { ModelStore, Stored } from '../../store/model-store.js';
import type { RelationName } from '../../store/relations.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';
import type { GraphQLContext } from './graphql.context.js';
import { type ModelObject, modelObject } from './model-object.js';

/** Gives what each of the keys leads to, in one round trip to the database. */
type Batch<V> = (keys: readonly string[], gql: GraphQLContext) => Promise<(key: string) => V>;

/** One relation between objects: whoever follows it in the same moment of a request shares one round trip. */
export class Relation<V> {
  private readonly loaders = new WeakMap<object, DataLoader<string, V>>();

  constructor(private readonly batch: Batch<V>) {}

  load(gql: GraphQLContext, key: string): Promise<V> {
    return this.loaderOf(gql).load(key);
  }

  loadMany(gql: GraphQLContext, keys: readonly string[]): Promise<V[]> {
    const loader = this.loaderOf(gql);
    return Promise.all(keys.map((key) => loader.load(key)));
  }

  private loaderOf(gql: GraphQLContext): DataLoader<string, V> {
    const known = this.loaders.get(gql.epoch);
    if (known !== undefined) return known;
    const loader = new DataLoader<string, V>(async (keys) => keys.map(await this.batch(keys, gql)));
    this.loaders.set(gql.epoch, loader);
    return loader;
  }
}

type Read<T> = (keys: readonly string[], gql: GraphQLContext) => Promise<Stored<T>[]>;

/** Reads one of the store's relations. */
export function reading<T>(units: UnitOfWork, relation: RelationName, store: Pick<ModelStore<T>, 'fromRow'>): Read<T> {
  return async (keys, { ctx }) =>
    (await units.read(ctx.readFrom, (reads) => reads.related(relation, keys))).map(store.fromRow);
}

/** The objects that the keys name: null for one that does not exist. */
export function toOne<T extends object>(read: Read<T>, keyOf: (value: T) => string): Relation<ModelObject<T> | null> {
  return new Relation(async (keys, gql) => {
    const found = new Map((await read(keys, gql)).map((stored) => [keyOf(stored.value), modelObject(stored)]));
    return (key) => found.get(key) ?? null;
  });
}

/** The objects that refer to each of the keys, in the order of the relation; one may refer to several. */
export function toMany<T extends object>(
  read: Read<T>,
  keysOf: (value: T) => readonly string[],
): Relation<readonly ModelObject<T>[]> {
  return new Relation(async (keys, gql) => {
    const groups = new Map<string, ModelObject<T>[]>(keys.map((key) => [key, []]));
    for (const object of (await read(keys, gql)).map(modelObject))
      for (const key of keysOf(object)) groups.get(key)?.push(object);
    return (key) => groups.get(key) ?? [];
  });
}
