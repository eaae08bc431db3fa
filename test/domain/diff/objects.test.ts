import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { diffFlows, type FlowChange } from '../../../src/domain/diff/flows.js';
import { diffObjects } from '../../../src/domain/diff/objects.js';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import type { Flow } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { renderedText } from '../render/rendered-text.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';
import { renderCases } from '../render/case-files.js';

function example(): Snapshot {
  const found = renderCases().find(({ name }) => name === 'small-example');
  if (found === undefined) throw new Error('the case small-example is gone');
  return found.snapshot;
}

const withFlows = (flows: (flows: readonly Flow[]) => Flow[]): Snapshot => ({
  ...example(),
  flows: flows(example().flows),
});
const brief = (changes: readonly FlowChange[]): string[] => changes.map(({ kind, flow }) => `${kind} ${flow}`);

describe('diffObjects', () => {
  test('says what is created, pruned and replaced, sorted', () => {
    const after = withFlows((flows) => flows.filter(({ name }) => name !== 'users-to-frontend'));
    const tiers = [
      ...after.tiers,
      { application: 'shop', name: 'extra', podSelector: { matchLabels: { app: 'extra' } }, ports: [] },
    ];
    const flows = after.flows.map((flow) =>
      flow.name === 'backend-to-database' ? { ...flow, ports: [{ protocol: 'TCP' as const, port: 1 }] } : flow,
    );
    const changes = diffObjects(renderBundle(example()).policies, renderBundle({ ...after, tiers, flows }).policies);
    expect(changes.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual([
      'changed shop/allow-backend-egress',
      'changed shop/allow-database-ingress',
      'added shop/allow-extra-egress',
      'removed shop/allow-frontend-ingress',
    ]);
  });

  test('of an object with itself is empty, also where it was read back from its bytes', () => {
    const check = (snapshot: Snapshot): void => {
      const { policies } = renderBundle(snapshot);
      expect(diffObjects(policies, policies)).toEqual([]);
      const read = parseAllDocuments(renderedText(snapshot)).map((document) => document.toJS() as NetworkPolicy);
      expect(diffObjects(read, policies)).toEqual([]);
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(50));
  });

  test('sees what one side has and the other has not, and no difference in the order of keys', () => {
    const [policy] = renderBundle(example()).policies;
    if (policy === undefined) throw new Error('the case small-example renders nothing');
    const { annotations: _, ...bare } = policy.metadata;
    const changed = [{ kind: 'changed', namespace: 'shop', name: 'allow-backend-egress' }];
    expect(diffObjects([policy], [{ ...policy, metadata: bare }])).toEqual(changed);
    expect(diffObjects([{ ...policy, metadata: bare }], [policy])).toEqual(changed);
    expect(
      diffObjects(
        [policy],
        [{ ...policy, spec: { ...policy.spec, egress: [...(policy.spec.egress ?? [])].reverse() } }],
      ),
    ).toEqual(changed);
    const turned = Object.fromEntries(Object.entries(policy).reverse()) as unknown as NetworkPolicy;
    expect(diffObjects([policy], [turned])).toEqual([]);
  });

  test('is empty exactly where the bytes are equal', () => {
    const check = (before: Snapshot, after: Snapshot): void => {
      const [one, other] = [renderBundle(before), renderBundle(after)];
      expect(diffObjects(one.policies, other.policies).length === 0).toBe(one.digest === other.digest);
    };
    fc.assert(fc.property(snapshots({ own: false }), snapshots({ own: false }), check), runs(50));
  });
});

describe('diffFlows', () => {
  test('of a snapshot with itself is empty, also with other words for people', () => {
    const check = (snapshot: Snapshot): void => {
      const told = {
        ...snapshot,
        revision: 9,
        flows: snapshot.flows.map((flow) => ({ ...flow, reason: 'new words' })),
      };
      expect(diffFlows(snapshot, snapshot)).toEqual([]);
      expect(diffFlows(snapshot, told)).toEqual([]);
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(100));
  });

  test('is not empty where flows alone make the objects differ', () => {
    const pairs = snapshots({ own: false }).chain((one) =>
      fc.tuple(fc.constant(one), fc.subarray([...one.flows])).map(([one, flows]) => [one, { ...one, flows }] as const),
    );
    const check = ([before, after]: readonly [Snapshot, Snapshot]): void => {
      const same = diffObjects(renderBundle(before).policies, renderBundle(after).policies).length === 0;
      expect(diffFlows(before, after).length === 0).toBe(same);
    };
    fc.assert(fc.property(pairs, check), runs(100));
  });

  test('names flows that come and go', () => {
    const less = withFlows((flows) => flows.slice(1));
    expect(diffFlows(less, example())).toEqual([
      { kind: 'flow-added', flow: 'users-to-frontend', after: expect.stringContaining('peer "users"') as string },
    ]);
    expect(brief(diffFlows(example(), less))).toEqual(['flow-removed users-to-frontend']);
  });

  test('tells a new port from a new source and a new destination', () => {
    const changed = withFlows((flows) =>
      flows.map((flow) => ({
        ...flow,
        from: flow.name === 'backend-to-database' ? { tier: 'shop/frontend' } : flow.from,
        ports: [{ protocol: 'TCP' as const, port: 9 }],
      })),
    );
    expect(brief(diffFlows(example(), changed))).toEqual([
      'flow-source-changed backend-to-database',
      'flow-ports-changed backend-to-database',
      'flow-ports-changed frontend-to-backend',
      'flow-ports-changed users-to-frontend',
    ]);
  });

  test('a placement changes the flows of its tiers', () => {
    const snapshot = example();
    const moved = {
      ...snapshot,
      placements: snapshot.placements.map((placement) => ({ ...placement, namespace: 'elsewhere' })),
    };
    expect(brief(diffFlows(snapshot, moved))).toContain('flow-destination-changed users-to-frontend');
    expect(brief(diffFlows(snapshot, { ...snapshot, placements: [] }))).toEqual([
      'flow-removed backend-to-database',
      'flow-removed frontend-to-backend',
      'flow-removed users-to-frontend',
    ]);
  });
});
