import type { z } from 'zod';
import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import { dnsLabel, quote } from '../../domain/model/names.js';
import type { Scope } from '../../domain/scope.js';
import type { ReadableLists } from '../../domain/validate/readable-lists.js';
import { mergePatch } from '../../schema/merge-patch.js';
import { parseInput } from '../../schema/parse.js';
import { plainText } from '../../schema/parts.js';
import { readableLists } from '../../schema/readable-lists.js';
import type { Db } from '../../store/database.js';
import type { Filter, Key, ModelStore, Stored } from '../../store/model-store.js';
import type { LookupKind } from '../../store/lookups.js';
import type { Reads } from '../../store/reads.js';
import type { ChangeOf, UnitOfWork } from '../../store/unit-of-work.js';
import { type RequestContext, requireScope } from '../context.js';
import type { Stands } from '../http/kept-answers.js';
import { type Page, readPage, toPage } from '../http/page.js';
import { holdPrecondition, type Precondition } from '../http/preconditions.js';

/** What tells one resource of the model from another. */
export interface ResourceDefinition {
  /** The word of the design: `team`, `tier`, ... */
  readonly kind: LookupKind;
  readonly schema: z.ZodObject;
  /** The fields that name it, outermost first; they stand in the path and may be repeated in the body. */
  readonly keyFields: readonly string[];
  /** What it takes to write it. */
  readonly scope?: Scope;
  /** What it takes to read it. */
  readonly readScope?: Scope;
}

/** What a write came to. `revision` is the object's own, and its ETag. */
export interface Written<T> {
  readonly value: T;
  readonly revision: number;
  readonly created: boolean;
}

export interface Paging {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/**
 * The use cases that all resources of the model share: parse, load, decide, save. A resource adds its definition, its store, and the
 * rules that only the model around it can tell (`rules`, `mayRemove`).
 */
export abstract class ResourceService<T extends object> {
  constructor(
    readonly definition: ResourceDefinition,
    protected readonly store: ModelStore<T>,
    protected readonly units: UnitOfWork,
  ) {}

  /**
   * Problems of an object against the model. `parts` are the fields that parse; `standing` is the object that it replaces; `lists` are
   * also there where only some of their items parse.
   */
  protected abstract rules(
    db: Db,
    parts: Partial<T>,
    standing: T | undefined,
    lists: ReadableLists<T>,
  ): Promise<Problem[]>;

  /** What the filter of a list names and does not exist: an empty list would say that there is nothing of it. */
  protected async filterProblems(_db: Db, _filter: Filter): Promise<Problem[]> {
    return [];
  }

  /** Refuses (not-found) a list of what is in something that does not exist: asked of empty lists only. */
  protected async holdListed(_db: Db, _filter: Filter): Promise<void> {}

  /** As the store gives the object back: lists that have no order in the order of names. So the same input twice is no change. */
  protected asStored(value: T): T {
    return value;
  }

  /** What comes into being with an object, in the same transaction. */
  protected async inserted(_db: Db, _value: T, _ctx: RequestContext): Promise<void> {}

  /** What the change log shows of an object, to whoever may read. Where two objects differ, so must this. */
  protected logged(value: T): object {
    return value;
  }

  async get(ctx: RequestContext, key: Key): Promise<Stored<T>> {
    return (await this.getStanding(ctx, key)).stored;
  }

  /** As get, and how long it stays what is read: not told where it was read from a replica, or to whom more is allowed than to read. */
  async getStanding(ctx: RequestContext, key: Key): Promise<{ readonly stored: Stored<T>; readonly stands?: Stands }> {
    requireScope(ctx, this.readScope, key['environment']);
    const { kind } = this.definition;
    const read = (reads: Reads) => reads.lookup(kind, this.inOrder(key));
    const found = isKey(key) ? await this.units.read(ctx.readFrom, read) : undefined;
    if (found === undefined) throw notFound(this.nameOf(key));
    const stored = this.store.fromRow(found.row);
    if (ctx.readFrom !== 'primary' || this.readScope !== 'read') return { stored };
    const holds = () => this.units.isLast(found.modelRevision);
    return { stored, stands: { environment: key['environment'], holds } };
  }

  list(ctx: RequestContext, filter: Filter, paging: Paging): Promise<Page<Stored<T>>> {
    return this.units.read(ctx.readFrom, (reads) => this.page(ctx, reads.db, filter, paging));
  }

  /** As list, with a revision of the model that is not older than what the page shows. */
  listAt(
    ctx: RequestContext,
    filter: Filter,
    paging: Paging,
  ): Promise<{ readonly page: Page<Stored<T>>; readonly modelRevision: number }> {
    return this.units.read(ctx.readFrom, async (reads) => {
      const page = await this.page(ctx, reads.db, filter, paging);
      return { page, modelRevision: await reads.revision() };
    });
  }

  private async page(ctx: RequestContext, db: Db, filter: Filter, paging: Paging): Promise<Page<Stored<T>>> {
    requireScope(ctx, this.readScope, filter['environment'] === undefined ? undefined : this.scopeOf(filter));
    this.holdOuter(filter);
    const page = readPage(paging, [this.definition.kind, filter]);
    refuse(await this.filterProblems(db, filter), 'the filter');
    const rows = await this.store.list(db, filter, { after: page.after, take: page.size + 1 });
    if (rows.length === 0) await this.holdListed(db, filter);
    return toPage(rows, page, [this.definition.kind, filter], (row) =>
      String(this.keyOf(row.value)[this.lastKeyField]),
    );
  }

  /** Refuses (already-exists) where the name is taken. `outer` are the key fields that the path gives: the application of a tier. */
  create(ctx: RequestContext, raw: unknown, outer: Key = {}): Promise<Written<T>> {
    requireScope(ctx, this.definition.scope ?? 'write', outer['environment']);
    this.holdOuter(outer);
    return this.write(ctx, ['create', this.definition.kind, outer, raw], async (db, revision) => {
      const value = await this.decide(db, raw, outer, undefined);
      const key = this.keyOf(value);
      if (await this.store.get(db, key)) throw new SluiceError('already-exists', `${this.nameOf(key)} exists already`);
      await this.store.insert(db, value, revision);
      await this.inserted(db, value, ctx);
      return { result: written(value, revision, true), change: this.change(key, undefined, value) };
    });
  }

  /** Replaces the object, or creates it where the precondition is If-None-Match: *. */
  put(ctx: RequestContext, key: Key, raw: unknown, precondition: Precondition): Promise<Written<T>> {
    requireScope(ctx, this.definition.scope ?? 'write', key['environment']);
    this.holdOuter(key);
    return this.write(ctx, ['put', this.definition.kind, key, raw], async (db, revision) => {
      const standing = isKey(key) ? await this.store.get(db, key) : undefined;
      holdPrecondition(precondition, standing?.revision, this.nameOf(key));
      const saved = await this.save(db, revision, key, raw, standing);
      if (saved.result.created) await this.inserted(db, saved.result.value, ctx);
      return saved;
    });
  }

  /** JSON Merge Patch (RFC 7396) over the object that stands; null is a value where the schema has it as one. */
  patch(ctx: RequestContext, key: Key, patch: unknown, precondition: Precondition): Promise<Written<T>> {
    requireScope(ctx, this.definition.scope ?? 'write', key['environment']);
    return this.write(ctx, ['patch', this.definition.kind, key, patch], async (db, revision) => {
      const standing = await this.standing(db, key, precondition);
      return this.save(db, revision, key, mergePatch(standing.value, patch, this.definition.schema), standing);
    });
  }

  /** Gives the revision that this makes. Refuses (in-use) where others refer to the object, and names them. */
  async remove(ctx: RequestContext, key: Key, precondition: Precondition): Promise<number> {
    requireScope(ctx, this.definition.scope ?? 'write', key['environment']);
    return this.write(ctx, ['remove', this.definition.kind, key], async (db, revision) => {
      const standing = await this.standing(db, key, precondition);
      const referrers = await this.store.referrers(db, key);
      if (referrers.length > 0) throw inUse(this.nameOf(key), referrers);
      await this.store.remove(db, key);
      return { result: Number(revision), change: this.change(key, standing.value, undefined) };
    });
  }

  keyOf(value: T): Key {
    return Object.fromEntries(
      this.definition.keyFields.map((field) => [field, String((value as Record<string, unknown>)[field])]),
    );
  }

  private inOrder(key: Key): Key {
    return Object.fromEntries(this.definition.keyFields.map((field) => [field, key[field] ?? '']));
  }

  private get readScope(): Scope {
    return this.definition.readScope ?? 'read';
  }

  private get lastKeyField(): string {
    return this.definition.keyFields.at(-1) ?? 'name';
  }

  private scopeOf(filter: Filter): string | undefined {
    return this.definition.keyFields.includes('environment') ? String(filter['environment']) : undefined;
  }

  /** As messages name it: `tier "shop/web"`. */
  protected nameOf(key: Key): string {
    const { kind, keyFields } = this.definition;
    if (keyFields.some((field) => key[field] === undefined)) return `the ${kind}`;
    return `${kind} ${JSON.stringify(this.pathOf(key))}`;
  }

  /** What stands before the object in its path is a name, or it names nothing; no database is asked for what none could hold. */
  private holdOuter(key: Filter): void {
    for (const field of this.definition.keyFields.slice(0, -1)) {
      const name = String(key[field]);
      if (dnsLabel(name) !== undefined) throw notFound(`${field} ${quote(name)}`);
    }
  }

  private pathOf(key: Key): string {
    return this.definition.keyFields.map((field) => key[field]).join('/');
  }

  private write<R>(
    ctx: RequestContext,
    what: unknown,
    work: (db: Db, revision: bigint) => Promise<{ result: R; change?: ChangeOf }>,
  ): Promise<R> {
    return this.units.writeModel(ctx, what, (db, { revision }) => work(db, revision));
  }

  private async standing(db: Db, key: Key, precondition: Precondition): Promise<Stored<T>> {
    const standing = isKey(key) ? await this.store.get(db, key) : undefined;
    if (standing === undefined) throw notFound(this.nameOf(key));
    holdPrecondition(precondition, standing.revision, this.nameOf(key));
    return standing;
  }

  private async save(db: Db, revision: bigint, key: Key, raw: unknown, standing: Stored<T> | undefined) {
    const value = await this.decide(db, raw, key, standing?.value);
    const change = this.change(key, standing?.value, value);
    if (standing !== undefined && same(standing.value, value)) return { result: { ...standing, created: false } };
    if (standing === undefined) await this.store.insert(db, value, revision);
    else await this.store.replace(db, value, revision);
    return { result: written(value, revision, standing === undefined), change };
  }

  /** The one refusal: problems of shape, of names that do not agree with the path, and of the model around it, together. */
  private async decide(db: Db, raw: unknown, key: Key, standing: T | undefined): Promise<T> {
    const named = isPlain(raw) ? { ...key, ...raw } : raw;
    const { value, parts, problems } = parseInput(this.definition.schema, named);
    const mismatches = isPlain(raw) ? keyMismatches(raw, key) : [];
    const name = readableNames(isPlain(raw) ? { ...raw, ...key } : key, this.definition.keyFields);
    const lists = (value ?? readableLists(this.definition.schema, named)) as ReadableLists<T>;
    const against = await this.rules(db, { ...parts, ...name } as Partial<T>, standing, lists);
    refuse([...problems, ...mismatches, ...against], this.nameOf(name));
    return this.asStored(prune(value) as T);
  }

  protected change(key: Key, before: T | undefined, after: T | undefined): ChangeOf {
    const [was, is] = [before, after].map((value) => (value === undefined ? undefined : this.logged(value)));
    return { resource: this.definition.kind, name: this.pathOf(key), before: was, after: is };
  }
}

/** The names that the input gives, right or wrong, for messages to repeat; not those that no database could take. */
function readableNames(raw: unknown, fields: readonly string[]): Key {
  if (!isPlain(raw)) return {};
  const texts = fields.flatMap((field): [string, string][] => {
    const value = raw[field];
    return typeof value === 'string' && value.length <= 100 && plainText(value) === undefined ? [[field, value]] : [];
  });
  return Object.fromEntries(texts);
}

function written<T>(value: T, revision: bigint, created: boolean): Written<T> {
  return { value, revision: Number(revision), created };
}

export function notFound(what: string): SluiceError {
  return new SluiceError('not-found', `${what} does not exist`);
}

function inUse(what: string, referrers: readonly string[]): SluiceError {
  const problems = referrers.map((referrer) => ({
    pointer: '#',
    code: 'referrer',
    detail: `${referrer} refers to ${what}`,
    value: referrer,
  }));
  return new SluiceError('in-use', `${what} is in use by ${referrers.join(', ')}`, problems);
}

/** Names that are no DNS labels name nothing: they never reach the database. */
function isKey(key: Key): boolean {
  return Object.values(key).every((part) => dnsLabel(part) === undefined);
}

function keyMismatches(raw: Readonly<Record<string, unknown>>, key: Key): Problem[] {
  return Object.entries(key).flatMap(([field, value]) => {
    if (raw[field] === undefined || raw[field] === value) return [];
    const detail = `"${field}" is ${JSON.stringify(raw[field])} here and ${JSON.stringify(value)} in the path: names are immutable`;
    return [{ pointer: `#/${field}`, code: 'name-mismatch', detail, value: raw[field] }];
  });
}

function isPlain(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** Without the undefined fields that zod leaves, so that equal objects are equal. */
function prune(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys: jsonb does not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
