import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compile } from '../../../src/domain/compile/compile.js';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { formatPortSet, isNoPorts, subtractPorts, type PortSet } from '../../../src/domain/evaluate/port-set.js';
import { buildWorld, type World } from '../../../src/domain/evaluate/world.js';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { renderedText } from '../render/rendered-text.js';
import { runs } from '../../support/runs.js';
import { CLUSTER, clusterOf, declaredPorts, type Subject } from './declared.js';
import { snapshots } from './random-snapshot.js';

function worldOf(snapshot: Snapshot, policies: readonly NetworkPolicy[]): World {
  const { workloads } = clusterOf(snapshot);
  return buildWorld({ namespaces: CLUSTER, workloads, policies }, { ipBlockMatchesPods: false });
}

function pairsOf(snapshot: Snapshot): [Subject, Subject][] {
  const { subjects } = clusterOf(snapshot);
  const pairs = subjects.flatMap((src) => subjects.map((dst): [Subject, Subject] => [src, dst]));
  return pairs.filter(([src, dst]) => src.ref !== dst.ref && (src.kind === 'pod' || dst.kind === 'pod'));
}

const say = (src: Subject, dst: Subject, ports: PortSet): string =>
  `${JSON.stringify(src)} => ${JSON.stringify(dst)} : ${formatPortSet(ports)}`;

describe('the rendered bytes allow exactly what the model declares', () => {
  test('for any snapshot, judged by the evaluator', () => {
    const check = (snapshot: Snapshot): void => {
      const world = worldOf(
        snapshot,
        parseAllDocuments(renderedText(snapshot)).map((document) => document.toJS() as NetworkPolicy),
      );
      const declared = declaredPorts(snapshot);
      for (const [src, dst] of pairsOf(snapshot)) {
        expect(say(src, dst, allowedPorts(world, src.ref, dst.ref))).toBe(say(src, dst, declared(src, dst)));
      }
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(50, 'costly'));
  });
});

describe('a first apply in document order', () => {
  test('denies at no prefix a connection that the bundle allows, where no pod is of two tiers', () => {
    const check = (snapshot: Snapshot): void => {
      const { policies } = renderBundle(snapshot);
      const complete = worldOf(snapshot, policies);
      const pairs = pairsOf(snapshot).map(([src, dst]) => ({
        src,
        dst,
        allowed: allowedPorts(complete, src.ref, dst.ref),
      }));
      const wanted = pairs.filter(({ allowed }) => !isNoPorts(allowed));
      for (let applied = 0; applied < policies.length; applied++) {
        const partial = worldOf(snapshot, policies.slice(0, applied));
        for (const { src, dst, allowed } of wanted) {
          const denied = subtractPorts(allowed, allowedPorts(partial, src.ref, dst.ref));
          expect(`after ${applied} objects ${say(src, dst, denied)}`).toMatch(/No Connections$/);
        }
      }
    };
    fc.assert(fc.property(snapshots({ own: true }), check), runs(13, 'costly'));
  });

  test('keeps the default deny last in each namespace', () => {
    const check = (snapshot: Snapshot): void => {
      const { policies } = compile(snapshot);
      for (const [index, policy] of policies.entries()) {
        if (policy.kind === 'default-deny') expect(policies[index + 1]?.namespace).not.toBe(policy.namespace);
      }
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(67, 'costly'));
  });
});

describe('one object for a tier and direction', () => {
  test('selects its pods, and nothing else but the default deny does', () => {
    const check = (snapshot: Snapshot): void => {
      const seen = new Set<string>();
      for (const policy of compile(snapshot).policies) {
        const key = `${policy.namespace}/${policy.name}`;
        expect(seen.has(key), `${key} stands twice`).toBe(false);
        seen.add(key);
        if (policy.kind === 'tier') expect(policy.name).toMatch(/^allow-.*-(ingress|egress)$/);
      }
      const tiers = compile(snapshot).policies.filter((policy) => policy.kind === 'tier');
      const refs = tiers.map(
        (policy) => `${policy.namespace} ${policy.application}/${policy.tier} ${policy.direction}`,
      );
      expect(new Set(refs).size).toBe(refs.length);
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(100, 'costly'));
  });
});
