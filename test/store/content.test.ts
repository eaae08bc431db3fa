import { constants, deflateRawSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../src/domain/render/digest.js';
import { fragmentOf, type Fragment } from '../../src/domain/render/fragment.js';
import { ContentStore } from '../../src/store/content.store.js';
import type { EditionContents } from '../../src/domain/render/contents.js';
import type { Sql } from '../../src/store/sql.js';
import { UnitOfWork } from '../../src/store/unit-of-work.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { contentOf } from './pieced-content.js';

const store = new ContentStore();
let sluice: TestApp;
let units: UnitOfWork;
let sql: Sql;

beforeAll(async () => {
  sluice = await startTestApp();
  units = sluice.app.get(UnitOfWork);
  sql = units.sql(units.reader);
});
afterAll(() => sluice.close());

const bytesOf = (texts: readonly string[]): Buffer => Buffer.from(texts.join(''));

/** Contents of these pieces; those in `stored` are not given again. */
function contents(yaml: string[], tar: string[], stored: ReadonlySet<string> = new Set()): EditionContents {
  const fresh = [...new Set([...yaml, ...tar])].filter((text) => !stored.has(text));
  const [one, other] = [contentOf(yaml), contentOf(tar)];
  return {
    yaml: one,
    jsonDigest: digest('the List'),
    tar: other,
    snapshot: other,
    fresh: fresh.map((text) => fragmentOf(Buffer.from(text))),
  };
}

async function bytesBehind(name: string): Promise<Buffer> {
  const [blob] = await store.get(sql, [name]);
  expect(blob?.digest).toBe(name);
  expect(digest(blob?.bytes ?? '')).toBe(name);
  return blob?.bytes ?? Buffer.alloc(0);
}

async function fragments(): Promise<number> {
  return Number((await sql<{ count: string }>('SELECT count(*)::text AS count FROM fragment', []))[0]?.count);
}

describe('the content store', () => {
  it('gives back what was stored, whole and as one gzip member, in and outside a transaction', async () => {
    const texts = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 8 });
    const check = async (yaml: string[], tar: string[], inside: boolean): Promise<void> => {
      const put = (target: Sql) => store.put(target, contents(yaml, tar));
      const writer = { actor: 'test', reason: undefined, dryRun: false, idempotencyKey: undefined };
      const { blobs } = await (inside ? units.write(writer, 'put', (db) => put(units.sql(db))) : put(sql));
      expect(gunzipSync(await bytesBehind(blobs.yamlGzip)).equals(bytesOf(yaml))).toBe(true);
      expect(gunzipSync(await bytesBehind(blobs.tar)).equals(bytesOf(tar))).toBe(true);
      expect((await bytesBehind(blobs.snapshot)).equals(bytesOf(tar))).toBe(true);
      expect(new Set(await store.piecesOf(sql, [blobs.yamlGzip, blobs.tar]))).toEqual(
        new Set([...yaml, ...tar].map((text) => digest(text))),
      );
    };
    await fc.assert(fc.asyncProperty(texts, texts, fc.boolean(), check), runs(40));
  });

  it('stores a piece once, whatever it stands in', async () => {
    const yaml = ['namespace a', 'namespace b'];
    await store.put(sql, contents(yaml, ['head', ...yaml]));
    const before = await fragments();
    const stored = new Set(['head', ...yaml]);
    const { blobs } = await store.put(sql, contents(['namespace a', 'namespace c'], ['head', ...yaml], stored));
    expect(await fragments()).toBe(before + 1);
    expect(gunzipSync(await bytesBehind(blobs.yamlGzip)).toString()).toBe('namespace anamespace c');
  });

  it('serves the bytes that were stored first, though another zlib would compress them in another way', async () => {
    const text = 'the same piece '.repeat(100);
    const first = await store.put(sql, contents([text], [text]));
    const otherwise = deflateRawSync(text, { level: 0, finishFlush: constants.Z_FULL_FLUSH });
    const fresh: Fragment[] = [{ digest: digest(text), length: text.length, deflated: otherwise }];
    const again = await store.put(sql, { ...contents([text], [text]), fresh });
    expect(again).toEqual(first);
    expect((await bytesBehind(again.blobs.tar)).length).toBeLessThan(text.length / 2);
  });

  it('refuses content with a piece that is not there', async () => {
    const absent = contents(['not stored anywhere'], [], new Set(['not stored anywhere']));
    await expect(store.put(sql, absent)).rejects.toThrow(/a piece of sha256:[0-9a-f]{64} is missing/);
  });

  it('does not change what is stored', async () => {
    await store.put(sql, contents(['immutable'], []));
    for (const table of ['fragment', 'blob'])
      await expect(sql(`UPDATE ${table} SET digest = digest`, [])).rejects.toThrow('never changes');
  });
});
