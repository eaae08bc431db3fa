import type { Problem } from '../../domain/errors.js';
import { dnsLabel } from '../../domain/model/names.js';
import { missing } from '../../domain/validate/references.js';
import type { Db } from '../../store/database.js';
import type { Filter, Key, ModelStore } from '../../store/model-store.js';

/** One more than a message lists, so that it can say that there are more. */
const HAVE = 11;

/** A name in the filter of a list: in which parameter, of what kind of thing, and how that is found. */
export interface FilterName<T> {
  readonly parameter: string;
  readonly kind: string;
  readonly name: string;
  readonly key: Key;
  readonly store: ModelStore<T>;
  /** What narrows the names that a message lists: the tiers of this application. */
  readonly within?: Filter;
  readonly nameOf: (value: T) => string;
}

/** A problem with the names that there are, where nothing has this one. No database is asked for what none could hold. */
export async function unknownName<T>(db: Db, filter: FilterName<T>): Promise<Problem[]> {
  const { parameter, kind, name, key, store, within = {}, nameOf } = filter;
  const isName = Object.values(key).every((part) => dnsLabel(part) === undefined);
  if (isName && (await store.get(db, key)) !== undefined) return [];
  const have = await store.list(db, within, { after: undefined, take: HAVE });
  const names = have.map(({ value }) => nameOf(value));
  return [missing(`#/${parameter}`, kind, name, 'the filter', names)];
}
