import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { addressesOf, internetAddresses } from '../../../src/domain/prove/declared/addresses.js';
import { prove, proveParts } from '../../../src/domain/prove/prove.js';
import { readPart } from '../../../src/domain/prove/rendered/read-part.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';
import { generateEstate } from '../../../bench/estate.js';
import { snapshotOf } from './case-files.js';

const estate = generateEstate({ services: 60, flows: 300, seed: 7 });

describe('a proof', () => {
  test('of the parts of a bundle is that of the whole', () => {
    const bundle = renderBundle(estate);
    const parts = bundle.namespaces.map(({ yaml }) => readPart(yaml));
    expect(parts.length).toBeGreaterThan(1);
    expect(proveParts(estate, parts)).toEqual(prove(estate, wholeYaml(bundle)));
    expect(proveParts(estate, parts.slice(1)).equal).toBe(false);
    expect(proveParts(estate, [...parts, ...parts.slice(0, 1)]).objections[0]?.code).toBe('object-repeated');
  });

  test('lists at most 100 differences, and counts them all', () => {
    const { policies } = renderBundle(estate);
    const text = JSON.stringify(policies).replaceAll('"TCP"', '"UDP"');
    const proof = proveParts(estate, [{ policies: JSON.parse(text) as NetworkPolicy[], objections: [] }]);
    expect(proof.differences).toHaveLength(100);
    expect(proof.differenceCount).toBeGreaterThan(300);
    const keys = proof.differences.map(({ kind, subject, direction, other, ports }) =>
      [kind, subject, direction, other, ports].join(' | '),
    );
    expect(keys).toEqual([...new Set(keys)].sort());
  });

  test('asks about a namespace with and without a label, where peers name both', () => {
    const snapshot = snapshotOf('small-example');
    const labelled = { matchLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'green' } };
    const peers = [{ name: 'users', kind: 'pods' as const, namespaceSelector: labelled }];
    const narrow = { ...snapshot, peers };
    const { policies } = renderBundle(narrow);
    expect(proveParts(narrow, [{ policies, objections: [] }]).equal).toBe(true);
    const wide = JSON.parse(JSON.stringify(policies).replace(',"team":"green"', '')) as NetworkPolicy[];
    const { differences } = proveParts(narrow, [{ policies: wide, objections: [] }]);
    expect(differences.map(({ kind, subject }) => `${kind} ${subject}`)).toContain('too-much shop/frontend');
  });
});

describe('anyone, spelled out', () => {
  const snapshot = { ...snapshotOf('small-example'), peers: [{ name: 'users', kind: 'anywhere' as const }] };
  const every = { namespaceSelector: {}, podSelector: {} };
  const [v4, v6] = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];
  const notX = { matchExpressions: [{ key: 'app', operator: 'NotIn' as const, values: ['x'] }] };
  const fromNames = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'Exists' as const }] };

  test.each([
    ['is anyone', true, [every, v4, v6]],
    ['is anyone by another selector', true, [{ ...every, namespaceSelector: fromNames }, v4, v6]],
    ['lacks IPv6', false, [every, v4]],
    ['lacks pods', false, [v4, v6]],
    ['lacks some pods', false, [{ ...every, podSelector: notX }, v4, v6]],
  ])('%s', (_, equal, from) => {
    const objects = renderBundle(snapshot).policies.map((policy) =>
      policy.metadata.name === 'allow-frontend-ingress'
        ? { ...policy, spec: { ...policy.spec, ingress: [{ from, ports: [{ protocol: 'TCP' as const, port: 80 }] }] } }
        : policy,
    );
    const proof = proveParts(snapshot, [{ policies: objects, objections: [] }]);
    expect(proof.equal).toBe(equal);
    expect(proof.differences.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      equal ? [] : expect.arrayContaining(['too-little shop/frontend']),
    );
  });
});

describe('declared addresses', () => {
  test('are those of a block without its excepts', () => {
    const ranges = addressesOf([{ cidr: '10.0.0.0/30', except: ['10.0.0.1/32', '10.0.0.1/32'] }])?.ranges;
    expect(ranges?.map(({ first, last }) => [first & 3n, last & 3n])).toEqual([
      [0n, 0n],
      [2n, 3n],
    ]);
  });

  test('are none where no block can be read or is left', () => {
    expect(addressesOf([])).toBeUndefined();
    expect(addressesOf([{ cidr: '10.0.0.0/33' }, { cidr: '10.0.0.0/8', except: ['x'] }])).toBeUndefined();
    expect(addressesOf([{ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }])).toBeUndefined();
    expect(internetAddresses(['::/0', '0.0.0.0/0'])).toBeUndefined();
  });
});

test('the proof shares no code with what it proves', () => {
  const files = readdirSync('src/domain/prove', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const imports = files.flatMap(
    (name) => readFileSync(join('src/domain/prove', name), 'utf8').match(/from '[^']+'/g) ?? [],
  );
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter((text) => /(compile|render|overview|graph)\//.test(text))).toEqual([]);
});
