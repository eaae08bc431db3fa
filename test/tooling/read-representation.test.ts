import { expect, test } from 'vitest';
import { digest } from '../../src/domain/render/digest.js';
import type { EditionBytes } from '../../src/store/edition-bytes.js';
import { readRepresentation } from '../../src/work/read-representation.js';

const YAML = Buffer.from('---\nkind: NetworkPolicy\n');
const LIST = '{"apiVersion":"v1","kind":"List","items":[{"kind":"NetworkPolicy"}]}\n';
const bytes: EditionBytes = {
  sql: () => Promise.resolve([]),
  snapshot: () => Promise.resolve(undefined),
  blob: () => Promise.resolve(YAML),
};

test('the List of a version is made of its YAML', async () => {
  const list = { kind: 'list', yaml: digest(YAML), digest: digest(LIST) } as const;
  expect(Buffer.from(await readRepresentation(list, bytes)).toString()).toBe(LIST);
});

test('a List that is not the one that was published is not given', async () => {
  const other = { kind: 'list', yaml: digest(YAML), digest: digest('another') } as const;
  await expect(readRepresentation(other, bytes)).rejects.toThrow(`the List of ${digest(YAML)} is not`);
});
