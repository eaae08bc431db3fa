import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/domain/compile/compile.js';
import { DEFAULT_PROFILE, type Flow, type Tier } from '../../../src/domain/model/entities.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { digest } from '../../../src/domain/render/digest.js';
import { flowObjects } from '../../../src/domain/render/flow-objects.js';
import { jsonPieces } from '../../../src/domain/render/json.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';
import { renderCases } from './case-files.js';
import { textOf } from './rendered-text.js';

const shuffle = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length });

function otherKeyOrder(selector: LabelSelector): LabelSelector {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const turned = matchExpressions.map((one) =>
    one.values === undefined ? one : { ...one, values: [...one.values].reverse() },
  );
  return { matchExpressions: turned.reverse(), matchLabels: Object.fromEntries(Object.entries(matchLabels).reverse()) };
}

/** The same snapshot, said in another order, at another revision and with other words for people. */
function reordered(snapshot: Snapshot): fc.Arbitrary<Snapshot> {
  const tiers = snapshot.tiers.map((tier) => ({
    ...tier,
    podSelector: otherKeyOrder(tier.podSelector),
    ports: [...tier.ports].reverse(),
    description: 'else',
  }));
  const flows = snapshot.flows.map((flow) => ({ ...flow, ports: [...flow.ports].reverse(), reason: 'because' }));
  const peers = snapshot.peers.map((peer) =>
    peer.kind === 'cidr' ? { ...peer, blocks: [...peer.blocks].reverse() } : peer,
  );
  const placements = snapshot.placements.map((placement) => ({ ...placement, tiers: [...placement.tiers].reverse() }));
  return fc
    .tuple(shuffle(tiers), shuffle(peers), shuffle(placements), shuffle(flows))
    .map(([tiers, peers, placements, flows]) => ({ ...snapshot, revision: 77, tiers, peers, placements, flows }));
}

const listOf = (items: readonly object[]): string => `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items })}\n`;

describe('renderBundle', () => {
  test('gives the same bytes and findings for the same snapshot in any order', () => {
    const pairs = snapshots({ own: false }).chain((snapshot) => fc.tuple(fc.constant(snapshot), reordered(snapshot)));
    const check = ([one, other]: [Snapshot, Snapshot]): void => {
      const [first, second] = [renderBundle(one), renderBundle(other)];
      expect(textOf(wholeYaml(second))).toBe(textOf(wholeYaml(first)));
      expect(second.digest).toBe(first.digest);
      expect(second.findings).toEqual(first.findings);
      expect(jsonPieces(second.policies)).toEqual(jsonPieces(first.policies));
      expect(jsonPieces(first.policies).join('')).toBe(listOf(first.policies));
    };
    fc.assert(fc.property(pairs, check), runs(50, 'costly'));
  });

  test('sorts objects by namespace and name, and counts what stands in them', () => {
    const check = (snapshot: Snapshot): void => {
      const bundle = renderBundle(snapshot);
      const keys = bundle.policies.map(({ metadata }) => `${metadata.namespace} ${metadata.name}`);
      expect(keys).toEqual([...keys].sort());
      expect(textOf(wholeYaml(bundle))).toBe(textOf(wholeYaml(writeYaml(bundle.policies))));
      expect(bundle.digest).toBe(digest(wholeYaml(bundle)));
      const objects = flowObjects(bundle.compiled.policies);
      expect(bundle.counts).toEqual({
        namespaces: bundle.namespaces.length,
        objects: keys.length,
        flows: objects.size,
      });
      const left = bundle.findings
        .filter(({ path, code }) => path.startsWith('flow/') && code !== 'flow-port-unknown')
        .map(({ path }) => path.slice(5));
      for (const name of left) expect(objects.has(name)).toBe(false);
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(67, 'costly'));
  });

  test('of no placement is an empty stream', () => {
    const empty = renderCases().find(({ name }) => name === 'nothing-placed');
    expect(empty && renderBundle(empty.snapshot)).toMatchObject({
      policies: [],
      counts: { namespaces: 0, objects: 0, flows: 0 },
    });
  });
});

describe('flowObjects', () => {
  test('names both objects of a flow between tiers, and one of a flow with a peer', () => {
    const example = renderCases().find(({ name }) => name === 'small-example');
    const objects = flowObjects(example === undefined ? [] : compile(example.snapshot).policies);
    expect(Object.fromEntries(objects)).toEqual({
      'backend-to-database': ['shop/allow-backend-egress', 'shop/allow-database-ingress'],
      'frontend-to-backend': ['shop/allow-backend-ingress', 'shop/allow-frontend-egress'],
      'users-to-frontend': ['shop/allow-frontend-ingress'],
    });
  });
});

describe('the size of an object', () => {
  /** A hub with as many callers in namespaces of their own, so that no two of them merge. */
  function hubOf(callers: number, flowName: (index: number) => string): Snapshot {
    const tier = (application: string): Tier => ({
      application,
      name: application,
      podSelector: { matchLabels: { app: application } },
      ports: [],
    });
    const names = Array.from({ length: callers }, (_, index) => `caller-${index}`);
    const flows = names.map((name, index): Flow => ({
      name: flowName(index),
      from: { tier: `${name}/${name}` },
      to: { tier: 'hub/hub' },
      ports: [{ protocol: 'TCP', port: 80 }],
    }));
    const placements = ['hub', ...names].map((application) => ({
      environment: 'dev',
      application,
      namespace: application,
      tiers: [],
    }));
    const lists = { teams: [], applications: [], peers: [], tiers: ['hub', ...names].map(tier), placements, flows };
    return { revision: 1, environment: { name: 'dev', profile: DEFAULT_PROFILE }, ...lists };
  }
  const sizeFindings = (snapshot: Snapshot): string[] =>
    renderBundle(snapshot)
      .findings.filter(({ code }) => code.startsWith('object-'))
      .map(
        ({ severity, code, path, message }) => `${severity} ${code} ${path} ${/\d+ flows in .*$/.exec(message)?.[0]}`,
      );

  test('is no finding while it is small', () => expect(sizeFindings(hubOf(100, (index) => `f${index}`))).toEqual([]));

  test('is a warning over 256 KiB and stands in the way over 1 MiB, with the counts that caused it', () => {
    expect(sizeFindings(hubOf(3000, (index) => `f${index}`))).toEqual([
      'warning object-large hub/allow-hub-ingress 3000 flows in 1 rules with 3000 peers',
    ]);
    expect(sizeFindings(hubOf(8000, (index) => `f${index}`))).toEqual([
      'error object-too-large hub/allow-hub-ingress 8000 flows in 1 rules with 8000 peers',
    ]);
  });

  test('stands in the way too where the names of the flows are more than annotations may hold', () => {
    expect(sizeFindings(hubOf(4500, (index) => `${'long-name-'.repeat(6)}${index}`))).toEqual([
      'error object-too-large hub/allow-hub-ingress 4500 flows in 1 rules with 4500 peers',
    ]);
  });
});
