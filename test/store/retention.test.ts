import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EditionContents } from '../../src/domain/render/contents.js';
import { digest } from '../../src/domain/render/digest.js';
import { fragmentOf } from '../../src/domain/render/fragment.js';
import { type Retention, RetentionService } from '../../src/features/retention/retention.service.js';
import type { RequestContext } from '../../src/platform/context.js';
import type { BundleBlobs } from '../../src/store/bundle-blobs.js';
import { ContentGone, ContentStore } from '../../src/store/content.store.js';
import { REFERRERS_OF_BLOBS, REFERRERS_OF_VERSIONS, RetentionStore } from '../../src/store/retention.store.js';
import type { Sql } from '../../src/store/sql.js';
import { UnitOfWork } from '../../src/store/unit-of-work.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { contentOf } from './pieced-content.js';

const DAY_MS = 86_400_000;
const ENVIRONMENTS = ['dev', 'prod'] as const;
const store = new ContentStore();
const writer = { actor: 'test', reason: undefined, dryRun: false, idempotencyKey: undefined };

let sluice: TestApp;
let units: UnitOfWork;
let sql: Sql;

beforeAll(async () => {
  sluice = await startTestApp();
  units = sluice.app.get(UnitOfWork);
  sql = units.sql(units.reader);
  for (const name of ENVIRONMENTS) await sluice.request.post('/v1/environments').send({ name }).expect(201);
});
beforeEach(() => empty());
afterAll(() => sluice.close());

const empty = () => sql('TRUNCATE deployment, tag, removed_bundle, registry_entry, bundle, blob, fragment', []);

/** The rows of one column, in order. */
async function column(text: string, values: unknown[] = []): Promise<string[]> {
  return (await sql<{ value: string }>(`SELECT value::text FROM (${text}) AS t (value) ORDER BY 1`, values)).map(
    ({ value }) => value,
  );
}

/** Of these pieces the YAML; the other representations are of some of them, in other orders. */
function contents(pieces: readonly string[]): EditionContents {
  return {
    yaml: contentOf(pieces),
    jsonDigest: digest('the List'),
    tar: contentOf(pieces.slice(1)),
    snapshot: contentOf(pieces.slice(-1)),
    fresh: [...new Set(pieces)].map((piece) => fragmentOf(Buffer.from(piece))),
  };
}

async function insertBundle(into: Sql, name: string, version: number, blobs: BundleBlobs, at: Date): Promise<void> {
  await into(
    `INSERT INTO bundle (environment, version, digest, revision, counts, findings, proof, changes, actor, at,
       yaml_gzip_digest, json_digest, tar_digest, snapshot_digest)
     VALUES ($1::text, $2::int, $3::text, 1, '{}', '[]', '{}', '{}', 'test', $4::text::timestamptz, $5::text, $6::text, $7::text, $8::text)`,
    [
      name,
      version,
      digest('the YAML'),
      at.toISOString(),
      blobs.yamlGzip,
      digest('the List'),
      blobs.tar,
      blobs.snapshot,
    ],
  );
}

/** As a publish that rendered ahead does it: the content first, then a transaction that refers to it; again where retention was faster. */
async function publishAhead(name: string, version: number, pieces: readonly string[], at: Date): Promise<BundleBlobs> {
  for (;;) {
    try {
      const stored = await store.put(sql, contents(pieces));
      await units.write(writer, 'publish', async (db) => {
        const { blobs } = await store.hold(units.sql(db), stored);
        await insertBundle(units.sql(db), name, version, blobs, at);
      });
      return stored.blobs;
    } catch (error) {
      if (!(error instanceof ContentGone)) throw error;
    }
  }
}

/** As a publish under the lock does it. */
async function publishLocked(name: string, version: number, pieces: readonly string[], at: Date): Promise<BundleBlobs> {
  return units.write(writer, 'publish', async (db) => {
    const { blobs } = await store.putHeld(units.sql(db), contents(pieces));
    await insertBundle(units.sql(db), name, version, blobs, at);
    return blobs;
  });
}

function retention(rule: object, how: { dryRun?: boolean; now?: Date } = {}): Promise<Retention> {
  const now = how.now ?? new Date();
  const who = {
    actor: 'sweeper',
    boundTo: undefined,
    traceId: 'test',
    idempotencyKey: undefined,
    reason: undefined,
    minRevision: undefined,
    readFrom: 'primary' as const,
  };
  const ctx: RequestContext = { ...who, scopes: new Set(['admin'] as const), now, dryRun: how.dryRun ?? false };
  return sluice.app.get(RetentionService).apply(ctx, rule);
}

async function expectWhole(blobs: BundleBlobs): Promise<void> {
  const digests = [...new Set<string>(Object.values(blobs))];
  const read = await store.get(sql, digests);
  expect(read.map((blob) => blob.digest).sort()).toEqual(digests.sort());
  for (const { digest: name, bytes } of read) expect(digest(bytes)).toBe(name);
}

/** What the test knows of a version that is there. */
interface Known {
  readonly pieces: readonly string[];
  readonly blobs: BundleBlobs;
  readonly at: Date;
  readonly tags: Set<string>;
}

type World = Record<(typeof ENVIRONMENTS)[number], Map<number, Known>>;

interface Rule {
  readonly environment?: string;
  readonly keepVersions?: number;
  readonly keepDays?: number;
}

/** What must go, said in another way than the domain says it. */
function expectedToGo(world: World, name: (typeof ENVIRONMENTS)[number], rule: Rule, now: Date): number[] {
  if (rule.environment !== undefined && rule.environment !== name) return [];
  if (rule.keepVersions === undefined && rule.keepDays === undefined) return [];
  const versions = [...world[name].keys()].sort((a, b) => a - b);
  const last = versions.slice(-Math.max(1, rule.keepVersions ?? 0));
  const young = (known: Known) => now.getTime() - known.at.getTime() < (rule.keepDays ?? 0) * DAY_MS;
  return versions.filter((version) => {
    const known = world[name].get(version)!;
    return !last.includes(version) && known.tags.size === 0 && !young(known);
  });
}

const piece = fc.constantFrom(...'abcdefgh').map((letter) => `namespace ${letter}\n`.repeat(5));
const environment = fc.constantFrom(...ENVIRONMENTS);
const optional = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: undefined, freq: 2 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      environment,
      pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('tag' as const),
      environment,
      name: fc.constantFrom('stable', 'good'),
      which: fc.nat(9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('untag' as const), environment, name: fc.constantFrom('stable', 'good') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      pieces: fc.array(piece, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retention' as const),
      only: fc.option(environment, { nil: undefined, freq: 2 }),
      keepVersions: optional(1, 4),
      keepDays: optional(0, 6),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

describe('retention', () => {
  it('removes nothing that is kept or referred to, and all that is not; a dry run says exactly that, and does nothing', async () => {
    const check = async (steps: Step[]): Promise<void> => {
      await empty();
      const world: World = { dev: new Map(), prod: new Map() };
      const published = { dev: 0, prod: 0 };
      for (const [day, one] of steps.entries()) {
        const now = new Date(Date.UTC(2026, 0, 1 + day));
        switch (one.kind) {
          case 'publish': {
            const version = ++published[one.environment];
            const publish = day % 2 === 0 ? publishAhead : publishLocked;
            const blobs = await publish(one.environment, version, one.pieces, now);
            world[one.environment].set(version, { pieces: one.pieces, blobs, at: now, tags: new Set() });
            break;
          }
          case 'tag': {
            const versions = [...world[one.environment].keys()];
            const version = versions[one.which % versions.length];
            if (version === undefined) break;
            for (const known of world[one.environment].values()) known.tags.delete(one.name);
            world[one.environment].get(version)?.tags.add(one.name);
            await sql(
              `INSERT INTO tag VALUES ($1, $2, $3, 1) ON CONFLICT (environment, name) DO UPDATE SET version = excluded.version`,
              [one.environment, one.name, version],
            );
            break;
          }
          case 'untag':
            for (const known of world[one.environment].values()) known.tags.delete(one.name);
            await sql('DELETE FROM tag WHERE environment = $1 AND name = $2', [one.environment, one.name]);
            break;
          case 'leave':
            await store.put(sql, contents(one.pieces));
            break;
          case 'retention': {
            const { only, keepVersions, keepDays } = one;
            const rule = JSON.parse(JSON.stringify({ environment: only, keepVersions, keepDays })) as Rule;
            await expectRetention(world, rule, now, published);
          }
        }
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), check), runs(5, 'costly'));
  }, 120_000);

  async function everything(): Promise<string[]> {
    const tables = ['bundle', 'removed_bundle', 'blob', 'fragment', 'tag'];
    return Promise.all(tables.map(async (table) => (await column(`SELECT t::text FROM ${table} AS t`)).join()));
  }

  async function expectRetention(
    world: World,
    rule: Rule,
    now: Date,
    published: Record<string, number>,
  ): Promise<void> {
    const before = await everything();
    const dry = await retention(rule, { now, dryRun: true });
    expect(await everything()).toEqual(before);
    const real = await retention(rule, { now });
    expect(real).toEqual(dry);

    for (const name of ENVIRONMENTS) {
      const going = expectedToGo(world, name, rule, now);
      const told = real.environments.find(({ environment }) => environment === name);
      expect(told?.removed ?? []).toEqual(going);
      for (const version of going) world[name].delete(version);
      if (told !== undefined) expect(told.kept).toBe(world[name].size);
      const numbers = (table: string) => column(`SELECT version FROM ${table} WHERE environment = $1`, [name]);
      expect(await numbers('bundle')).toEqual([...world[name].keys()].map(String).sort());
      const ever = [...(await numbers('bundle')), ...(await numbers('removed_bundle'))].map(Number);
      expect(ever.sort((a, b) => a - b)).toEqual(Array.from({ length: published[name] ?? 0 }, (_, at) => at + 1));
    }
    const kept = ENVIRONMENTS.flatMap((name) => [...world[name].values()]);
    for (const { blobs } of kept) await expectWhole(blobs);
    for (const { blobs, pieces } of kept)
      expect(String(gunzipSync((await store.get(sql, [blobs.yamlGzip]))[0]?.bytes ?? ''))).toBe(pieces.join(''));
    expect(await column('SELECT digest FROM blob')).toEqual(
      [...new Set(kept.flatMap(({ blobs }) => Object.values(blobs)))].sort(),
    );
    expect(await column(`SELECT 'sha256:' || encode(digest, 'hex') FROM fragment`)).toEqual(
      [...new Set(kept.flatMap(({ pieces }) => pieces.map((text) => digest(text))))].sort(),
    );

    const again = await retention(rule, { now });
    expect(again.environments.every(({ removed }) => removed.length === 0)).toBe(true);
    expect(again).toMatchObject({ blobs: 0, fragments: 0, bytes: 0, complete: true });
  }

  it('knows every column that names a blob', async () => {
    const columns = await column(
      `SELECT c.conrelid::regclass::text || ' ' || a.attname FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
       WHERE c.contype = 'f' AND c.confrelid = 'blob'::regclass`,
    );
    expect(REFERRERS_OF_BLOBS.map((referrer) => referrer.join(' ')).sort()).toEqual(columns);
  });

  it('knows every column that names a version and does not go with it', async () => {
    const columns = await column(
      `SELECT c.conrelid::regclass::text || ' ' || a.attname FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
       WHERE c.contype = 'f' AND c.confrelid = 'bundle'::regclass AND c.confdeltype <> 'c' AND a.attname <> 'environment'`,
    );
    expect(REFERRERS_OF_VERSIONS.map((referrer) => referrer.join(' ')).sort()).toEqual(columns);
  });

  it('alone may delete what is published', async () => {
    await publishLocked('dev', 1, ['a'], new Date());
    for (const table of ['bundle', 'blob', 'fragment'])
      await expect(sql(`DELETE FROM ${table}`, []), table).rejects.toThrow('never changes');
    await retention({});
    await expect(sql('DELETE FROM bundle', []), 'after a run on the same connections').rejects.toThrow('never changes');
  });
});

describe('a publish and retention at the same time', () => {
  it('content that was stored ahead and swept away is not referred to', async () => {
    const stored = await store.put(sql, contents(['a', 'b']));
    expect(await retention({})).toMatchObject({ fragments: 2 });
    const publish = units.write(writer, 'publish', (db) => store.hold(units.sql(db), stored));
    await expect(publish).rejects.toThrow(ContentGone);
  });

  it('content that was held stays', async () => {
    const stored = await store.put(sql, contents(['a', 'b']));
    let swept: Promise<Retention> | undefined;
    await units.write(writer, 'publish', async (db) => {
      await store.hold(units.sql(db), stored);
      swept = retention({});
      await waitingForLock();
      await insertBundle(units.sql(db), 'dev', 1, stored.blobs, new Date());
    });
    expect(await swept).toMatchObject({ blobs: 0, fragments: 0 });
    await expectWhole(stored.blobs);
  });

  it('content that is stored within the transaction stays', async () => {
    await store.put(sql, contents(['a', 'b'])); // referred to by nobody yet
    let swept: Promise<Retention> | undefined;
    const blobs = await units.write(writer, 'publish', async (db) => {
      const { blobs: put } = await store.putHeld(units.sql(db), contents(['a', 'b', 'c']));
      swept = retention({});
      await waitingForLock();
      await insertBundle(units.sql(db), 'dev', 1, put, new Date());
      return put;
    });
    expect((await swept)?.blobs).toBeGreaterThan(0);
    await expectWhole(blobs);
  });

  it('a blob whose fragments vanish while it is stored is left out', async () => {
    for (const moment of ['json_array_elements($1', 'INSERT INTO blob'] as const) {
      const between: Sql = async (text, values) => {
        if (text.includes(moment)) await retention({});
        return sql(text, values);
      };
      await expect(store.put(between, contents(['a', 'b'])), moment).rejects.toThrow(ContentGone);
      expect(await column('SELECT digest FROM blob')).toEqual([]);
    }
  });

  it('a tag that comes in time keeps its version, and one that comes late is refused', async () => {
    for (const version of [1, 2, 3]) await publishLocked('dev', version, [`${version}`], new Date());
    const put = (name: string, version: number) =>
      sluice.request.put(`/v1/environments/dev/tags/${name}`).set('if-none-match', '*').send({ version });
    const [one, two, gone] = await Promise.all([put('one', 1), put('two', 2), retention({ keepVersions: 1 })]);
    const removed = gone.environments[0]?.removed ?? [];
    for (const [at, reply] of [one, two].entries()) expect(reply.status).toBe(removed.includes(at + 1) ? 422 : 201);
  });

  it('a report that comes in time keeps its version, and one that comes late is refused', async () => {
    for (const version of [1, 2, 3]) await publishLocked('dev', version, [`${version}`], new Date());
    const report = (cluster: string, version: number) =>
      sluice.request.post('/v1/environments/dev/deployments').send({ cluster, version, result: 'applied' });
    await report('first', 1).expect(201);
    let late: Promise<{ status: number }> | undefined;
    await units.write(writer, 'retention', async (db) => {
      await new RetentionStore().begin(units.sql(db));
      late = report('late', 2).then((reply) => reply);
      await waitingForLock();
      const versions = await new RetentionStore().versions(units.sql(db), 'dev');
      expect(versions.map(({ version, referrers }) => [version, referrers])).toEqual([
        [3, 'none'],
        [2, 'none'],
        [1, 'some'],
      ]);
      await new RetentionStore().remove(units.sql(db), versions.slice(1, 2), writer);
    });
    expect((await late)?.status).toBe(422);
    expect((await retention({ keepVersions: 1 })).environments).toEqual([{ environment: 'dev', removed: [], kept: 2 }]);
  });

  it('many of both: every version that stands is whole', async () => {
    const versions: BundleBlobs[][] = [[], []];
    let publishing = true;
    const publisher = async (at: number): Promise<void> => {
      for (let version = 1; version <= 15; version++) {
        // the same few pieces come, go and come back
        const pieces = ['x', 'y', 'z', 'w'].filter((_, bit) => (version * (at + 3)) & (1 << bit));
        const publish = version % 2 === 0 ? publishAhead : publishLocked;
        const blobs = await publish(ENVIRONMENTS[at] ?? 'dev', version, ['head', ...pieces], new Date());
        versions[at]?.push(blobs);
      }
    };
    const sweeper = async (): Promise<number> => {
      let removed = 0;
      while (publishing) {
        const { environments } = await retention({ keepVersions: 1 });
        removed += environments.reduce((sum, one) => sum + one.removed.length, 0);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return removed;
    };
    const sweeping = [sweeper(), sweeper()];
    await Promise.all([publisher(0), publisher(1)]).finally(() => (publishing = false));
    const removed = (await Promise.all(sweeping)).reduce((sum, count) => sum + count, 0);
    await retention({ keepVersions: 1 });
    expect(removed).toBeGreaterThan(0);
    for (const list of versions) await expectWhole(list.at(-1)!);
    expect(await column('SELECT count(*) FROM bundle')).toEqual(['2']);
  }, 60_000);

  it('gives up where it waits too long, before all publishes wait behind it', async () => {
    await units.write(writer, 'publish', async (db) => {
      await store.putHeld(units.sql(db), contents(['a']));
      const begun = units.write(writer, 'retention', (inner) => new RetentionStore().begin(units.sql(inner), 50));
      await expect(begun).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('try again') });
    });
    await retention({});
  });

  /** Until retention stands behind somebody. */
  async function waitingForLock(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if ((await column('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('nobody waits');
  }
});
