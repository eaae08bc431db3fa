import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { readPart } from '../../../src/domain/prove/rendered/read-part.js';
import { pieceSharer } from '../../../src/domain/prove/rendered/share-pieces.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';
import { generateEstate } from '../../../bench/estate.js';

describe('what one part names often', () => {
  const bundle = renderBundle(generateEstate({ services: 60, flows: 300, seed: 7 }));
  const { policies } = readPart(wholeYaml(bundle));
  const rules = (of: readonly NetworkPolicy[]) =>
    of.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);

  test('is one object each: peers and lists of ports', () => {
    const peers = rules(policies).flatMap((rule) => ('from' in rule ? rule.from : 'to' in rule ? rule.to : []) ?? []);
    const ports = rules(policies).flatMap((rule) => (rule.ports === undefined ? [] : [rule.ports]));
    for (const pieces of [peers, ports]) {
      const different = new Set(pieces.map((piece) => JSON.stringify(piece))).size;
      expect(new Set<unknown>(pieces).size).toBe(different);
      expect(different).toBeLessThan(pieces.length);
    }
  });

  test('is what it was, in shape and value', () => {
    expect(policies).toStrictEqual(bundle.policies);
    const bare = structuredClone(policies.map(({ spec, ...rest }) => ({ ...rest, spec: { ...spec, ingress: [{}] } })));
    expect(bare.map(pieceSharer())).toStrictEqual(bare);
  });
});
