import { compact } from './compact.js';
import type { Described } from '../domain/model/entities.js';
import { type Db, json } from './database.js';

/** What a list of the model can be narrowed by; each store says which it knows. */
export type Filter = Readonly<Record<string, string | number | undefined>>;

/** The fields that name an object: `{ name }`, `{ application, name }` or `{ environment, application }`. */
export type Key = Readonly<Record<string, string>>;

/** An object of the model and the revision that made it so: its ETag. */
export interface Stored<T> {
  readonly value: T;
  readonly revision: number;
}

/** The rows `after` a key (exclusive), in the order of the list, at most `take`. */
export interface Window {
  readonly after: string | undefined;
  readonly take: number;
}

/** What every store of the model does. Stores do not call stores, decide nothing, and know no transport. */
export interface ModelStore<T> {
  /** The object that a row is, as Prisma or a lookup gives it. */
  readonly fromRow: (row: unknown) => Stored<T>;
  get(db: Db, key: Key): Promise<Stored<T> | undefined>;
  list(db: Db, filter: Filter, window: Window): Promise<Stored<T>[]>;
  insert(db: Db, value: T, revision: bigint): Promise<void>;
  replace(db: Db, value: T, revision: bigint): Promise<void>;
  remove(db: Db, key: Key): Promise<void>;
  /** What refers to the object, as `flow/web-to-api`; at most a few names of each kind. */
  referrers(db: Db, key: Key): Promise<string[]>;
}

/** How many referrers of a kind a refusal names. */
export const REFERRERS_NAMED = 20;

interface DescribedRow {
  displayName: string | null;
  description: string | null;
  labels: unknown;
  links: unknown;
}

/** The columns for people, as an entity has them: absent where the row has NULL. */
export function describedOf(row: DescribedRow): Described {
  return compact({
    displayName: row.displayName,
    description: row.description,
    labels: row.labels,
    links: row.links,
  }) as Described;
}

export function describedColumns(value: Described) {
  return {
    displayName: value.displayName ?? null,
    description: value.description ?? null,
    labels: json(value.labels),
    links: json(value.links),
  };
}

/** Prisma's `where` for the rows after a name. */
export function afterName(window: Window): { name?: { gt: string } } {
  return window.after === undefined ? {} : { name: { gt: window.after } };
}
