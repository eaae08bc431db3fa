import DataLoader from 'dataloader';
import type { Stored } from '../../store/model-store.js';
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

  /** What was come by on another way need not be loaded again. */
  prime(gql: GraphQLContext, key: string, value: V): void {
    this.loaderOf(gql).prime(key, value);
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

/** The objects that the keys name: null for one that does not exist. */
export function toOne<T extends object>(read: Read<T>, keyOf: (value: T) => string): Relation<ModelObject<T> | null> {
  return new Relation(async (keys, gql) => {
    const found = new Map((await read(keys, gql)).map((stored) => [keyOf(stored.value), modelObject(stored)]));
    return (key) => found.get(key) ?? null;
  });
}

/**
 * The objects that refer to each of the keys, in the order of the store; one may refer to several. `names` is where those objects
 * are found by name: they are known there from now on.
 */
export function toMany<T extends object>(
  read: Read<T>,
  keysOf: (value: T) => readonly string[],
  names?: { readonly relation: Relation<ModelObject<T> | null>; readonly keyOf: (value: T) => string },
): Relation<readonly ModelObject<T>[]> {
  return new Relation(async (keys, gql) => {
    const groups = new Map<string, ModelObject<T>[]>(keys.map((key) => [key, []]));
    for (const stored of await read(keys, gql)) {
      const object = modelObject(stored);
      names?.relation.prime(gql, names.keyOf(object), object);
      for (const key of keysOf(object)) groups.get(key)?.push(object);
    }
    return (key) => groups.get(key) ?? [];
  });
}
