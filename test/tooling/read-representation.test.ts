import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { digest } from '../../src/domain/render/digest.js';
import type { EditionBytes } from '../../src/store/edition-bytes.js';
import { readRepresentation } from '../../src/work/read-representation.js';

const YAML = Buffer.from('---\nkind: NetworkPolicy\n');
const LIST = '{"apiVersion":"v1","kind":"List","items":[{"kind":"NetworkPolicy"}]}\n';
const bytes: EditionBytes = {
  sql: () => Promise.resolve([]),
  snapshot: () => Promise.resolve(undefined),
  blob: () => Promise.resolve(gzipSync(YAML)),
};

test('the List of a version is made of its YAML', async () => {
  const yamlGzip = 'sha256:0';
  const list = { kind: 'list', yamlGzip, digest: digest(LIST) } as const;
  expect(Buffer.from(await readRepresentation(list, bytes)).toString()).toBe(LIST);
});

test('the YAML is unpacked', async () => {
  const asked = { kind: 'unpacked', yamlGzip: 'sha256:0', digest: digest(YAML) } as const;
  expect(Buffer.from(await readRepresentation(asked, bytes)).equals(YAML)).toBe(true);
});

test.each(['list', 'unpacked'] as const)('what is not what was published is not given: %s', async (kind) => {
  const other = { kind, yamlGzip: 'sha256:0', digest: digest('another') };
  await expect(readRepresentation(other, bytes)).rejects.toThrow('what is made of sha256:0 is not');
});
