import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { declaredOf } from '../../../src/domain/prove/declared/declared.js';
import { proveAfter, proveParts } from '../../../src/domain/prove/prove.js';
import type { Proved } from '../../../src/domain/prove/proved.js';
import { readPart, type RenderedPart } from '../../../src/domain/prove/rendered/read-part.js';
import { askAgain } from '../../../src/domain/prove/sides/ask-again.js';
import { spacesOf } from '../../../src/domain/prove/spaces/space.js';
import { digest } from '../../../src/domain/render/digest.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { writeYaml, type WrittenYaml } from '../../../src/domain/render/yaml.js';
import { runs } from '../../support/runs.js';
import { ESTATE, ONE_CHANGE } from '../compile/one-change.js';
import { snapshots } from '../compile/random-snapshot.js';
import { changes } from '../diff/change/random-change.js';
import { mutate, MUTANTS } from './mutants.js';

type Series = readonly [before: Snapshot, after: Snapshot];
type Yaml = Uint8Array;

const series = fc.boolean().chain((own) => changes({ own }));

/** Reads bytes as a server does: equal bytes are the same part. */
function reader(): (yaml: Yaml) => RenderedPart {
  const known = new Map<string, RenderedPart>();
  return (yaml) => {
    const name = digest(yaml);
    const part = known.get(name) ?? readPart(yaml);
    known.set(name, part);
    return part;
  };
}

const bytesOf = ({ namespaces }: Pick<WrittenYaml, 'namespaces'>): Yaml[] => namespaces.map(({ yaml }) => yaml);

/** The proof of some bytes after a proof of what was there before; and it must be that of the bytes alone. */
function provedAfter(before: Snapshot, after: Snapshot, bytes: readonly Yaml[]): Proved['proof'] {
  const read = reader();
  const earlier = proveAfter(before, bytesOf(renderBundle(before)).map(read));
  expect(earlier.proof.equal).toBe(true);
  const { proof } = proveAfter(after, bytes.map(read), earlier);
  expect(proof).toEqual(proveParts(after, bytes.map(readPart)));
  return proof;
}

describe('a proof after another one', () => {
  test('is what it is alone, along a series of changes', () => {
    const check = ([before, after]: Series): void => {
      const read = reader();
      let earlier: Proved | undefined;
      for (const snapshot of [before, after, after, { ...after, flows: before.flows }, before]) {
        const parts = bytesOf(renderBundle(snapshot)).map(read);
        const proved = proveAfter(snapshot, parts, earlier);
        expect(proved.proof).toEqual(proveParts(snapshot, parts));
        expect(proved.proof.equal).toBe(true);
        earlier = proved;
      }
    };
    fc.assert(fc.property(series, check), runs(9, 'costly'));
  });

  test('finds every mistake in a namespace that changed', () => {
    const check = ([before, after]: Series, mutant: (typeof MUTANTS)[number], die: number): void => {
      const { policies, namespaces } = renderBundle(after);
      const known = new Set(bytesOf(renderBundle(before)).map((yaml) => digest(yaml)));
      const changed = namespaces.filter(({ yaml }) => !known.has(digest(yaml))).map(({ namespace }) => namespace);
      const isChanged = ({ metadata }: NetworkPolicy): boolean => changed.includes(metadata.namespace);
      const wrong = mutate(policies.filter(isChanged), mutant, (items) => items[die % items.length]);
      if (wrong === undefined) return;
      const kept = namespaces.filter(({ namespace }) => !changed.includes(namespace));
      provedAfter(before, after, [...bytesOf({ namespaces: kept }), ...bytesOf(writeYaml(wrong))]);
    };
    fc.assert(fc.property(series, fc.constantFrom(...MUTANTS), fc.nat(1000), check), runs(22, 'costly'));
  });

  test('finds every mistake where nothing else changed', () => {
    const check = (snapshot: Snapshot, mutant: (typeof MUTANTS)[number], die: number): void => {
      const { policies } = renderBundle(snapshot);
      const wrong = mutate(policies, mutant, (items) => items[die % items.length]);
      if (wrong !== undefined) provedAfter(snapshot, snapshot, bytesOf(writeYaml(wrong)));
    };
    const one = fc.boolean().chain((own) => snapshots({ own }));
    fc.assert(fc.property(one, fc.constantFrom(...MUTANTS), fc.nat(1000), check), runs(22, 'costly'));
  });

  test('finds the namespace that should have changed, and has the bytes that it had', () => {
    let unequal = 0;
    const check = ([before, after]: Series): void => {
      const old = new Map(renderBundle(before).namespaces.map(({ namespace, yaml }) => [namespace, yaml]));
      const { namespaces } = renderBundle(after);
      for (const { namespace, yaml } of namespaces) {
        const stale = old.get(namespace);
        if (stale === undefined || digest(stale) === digest(yaml)) continue;
        const bytes = namespaces.map((one) => (one.namespace === namespace ? stale : one.yaml));
        if (!provedAfter(before, after, bytes).equal) unequal++;
      }
    };
    fc.assert(fc.property(series, check), runs(13, 'costly'));
    expect(unequal).toBeGreaterThan(0);
  });
});

describe('after one thing of an estate changed', () => {
  const read = reader();
  const stale = bytesOf(renderBundle(ESTATE));
  const earlier = proveAfter(ESTATE, stale.map(read));

  test.each(ONE_CHANGE)('it is what it is alone, and old bytes are a difference: %s', (_, after) => {
    const namespaces = renderBundle(after).namespaces;
    const proofOf = (bytes: readonly Yaml[]) => proveAfter(after, bytes.map(read), earlier).proof;
    const own = bytesOf({ namespaces });
    expect(proofOf(own)).toEqual(proveParts(after, own.map(read)));
    expect(proofOf(own).equal).toBe(true);
    expect(proofOf(stale).equal).toBe(false);
    expect(proofOf(stale)).toEqual(proveParts(after, stale.map(read)));
  });

  test('only the namespaces that it is about are asked about', () => {
    const after = ONE_CHANGE[0]?.[1] ?? ESTATE;
    const { tables, clusters, spaces, ...held } = earlier.held ?? expect.fail('nothing was held');
    const declared = declaredOf(after, tables.numbers, tables.read);
    const objects = bytesOf(renderBundle(after)).flatMap((yaml) => read(yaml).policies);
    const now = spacesOf(declared, objects, tables, spaces);
    const ask = (before: Parameters<typeof askAgain>[4]) =>
      askAgain(clusters, declared, now, tables.numbers, before).sides.judge.world.input.policies.length;
    expect(now.changed.size).toBe(2);
    expect(ask({ ...held, clusters })).toBeLessThan(0.5 * objects.length);
    expect(ask({})).toBe(objects.length);
    expect(ask({ ...held, clusters: [{ namespaces: [], pods: [] }] })).toBe(objects.length);
    expect(ask({ ...held, clusters, ranges: [{ ingress: [], egress: [] }] })).toBe(objects.length);
  });
});

test('tables that have grown are not used any more', () => {
  const bytes = bytesOf(renderBundle(ESTATE)).map(readPart);
  const { held } = proveAfter(ESTATE, bytes);
  const again = proveAfter(ESTATE, bytes, { proof: {} as never, ...(held && { held }) }).held;
  expect(again?.tables).toBe(held?.tables);
  for (let port = 1; port < 4_000; port++) held?.tables.numbers.ofRange({ protocol: 'TCP', port });
  const anew = proveAfter(ESTATE, bytes, { proof: {} as never, ...(held && { held }) }).held;
  expect(anew?.tables).not.toBe(held?.tables);
});
