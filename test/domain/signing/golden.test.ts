import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliver, deliveryCases, REWRITE } from './delivery-cases.js';

/** Clients and signatures go by these bytes: each file is exactly what is served, without a newline at its end. */
describe.each(deliveryCases())('%s', (name) => {
  const { folder, parts, digest, tag } = deliver(name);

  test.each([...parts])('%s is byte for byte as before', (part, { bytes }) => {
    const file = join(folder, `${part}.json`);
    if (REWRITE) writeFileSync(file, bytes);
    expect(Buffer.from(bytes).toString()).toBe(readFileSync(file, 'utf8'));
  });

  test('it is no more and no less', () => {
    const files = readdirSync(folder).filter((file) => !['input.json', 'signatures.json', 'names.txt'].includes(file));
    expect(files.sort()).toEqual([...parts.keys()].map((part) => `${part}.json`).sort());
  });

  test('digests and media types are as before', () => {
    const file = join(folder, 'names.txt');
    const lines = [...parts].map(([part, content]) => `${part} ${content.digest} ${content.mediaType}\n`);
    const names = [`${digest}\n${tag}\n`, ...lines].join('');
    if (REWRITE) writeFileSync(file, names);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(names);
  });
});
