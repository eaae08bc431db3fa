import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_PORTS,
  formatPortSet,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  portSetOf,
  subtractPorts,
  unionOf,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import { declaredConnections } from '../../../src/domain/graph/declared.js';
import { endName, tierRef, type Flow, type Peer, type Placement } from '../../../src/domain/model/entities.js';
import { parseAddress } from '../../../src/domain/model/cidr.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { declaredOf, type Declared } from '../../../src/domain/prove/declared/declared.js';
import { portNumbers, type PortNumbers } from '../../../src/domain/prove/port-numbers.js';
import { prove } from '../../../src/domain/prove/prove.js';
import { holdsPod, isNobody } from '../../../src/domain/prove/pods/pod-set.js';
import { witnessesOf } from '../../../src/domain/prove/pods/witness.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { wholeYaml } from '../../../src/domain/render/yaml.js';
import { judge } from '../../../src/domain/verdict/judge.js';
import { mendsOf, type Mend } from '../../../src/domain/verdict/mends.js';
import { verdictIndex } from '../../../src/domain/verdict/verdict-index.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';
import { ALONE } from './model.js';

const either = fc.boolean().chain((own) => snapshots({ own }));
const ADDRESSES = [
  '10.1.2.3',
  '10.9.9.9',
  '192.0.2.1',
  '203.0.113.7',
  '8.8.8.8',
  'fd00:1::1',
  '2001:db8::1',
  '2600::1',
];

function indexOf(snapshot: Snapshot) {
  return verdictIndex(snapshot, renderBundle(snapshot).policies);
}

/** Every pair of ends of which one is a tier. */
function pairsOf({ tiers, peers }: Snapshot): [string, string][] {
  const refs = tiers.map(tierRef);
  const ends = [...refs, ...peers.map(({ name }) => name)];
  return ends.flatMap((from) =>
    ends.filter((to) => refs.includes(from) || refs.includes(to)).map((to): [string, string] => [from, to]),
  );
}

/** What the snapshot declares for a pod of one tier towards a pod or an address, by the declarations of every tier that the pod is of. */
function sideOf(
  declared: Declared,
  numbers: PortNumbers,
  direction: 'ingress' | 'egress',
  own: Pod,
  other: Pod | string,
): PortSet {
  const tiers = declared.tiers.filter(({ set }) => holdsPod(set, own.namespaceLabels, own.labels));
  const isolated =
    (declared.defaultDeny && declared.namespaces.includes(own.namespace)) ||
    tiers.some((tier) => direction === 'egress' || tier.rules.ingress.length > 0);
  if (!isolated) return ALL_PORTS;
  const rules = tiers
    .flatMap((tier) => tier.rules[direction])
    .filter(({ end }) => {
      if (end.kind === 'everyone') return true;
      if (end.kind === 'pods')
        return typeof other !== 'string' && holdsPod(end.pods, other.namespaceLabels, other.labels);
      const address = typeof other === 'string' ? parseAddress(other) : undefined;
      return end.addresses.ranges.some(
        ({ family, first, last }) => address?.family === family && first <= address.value && address.value <= last,
      );
    });
  return unionOf([NO_PORTS, ...rules.map(({ ports }) => numbers.set(ports))]);
}

interface Pod {
  readonly namespace: string;
  readonly namespaceLabels: Record<string, string>;
  readonly labels: Record<string, string>;
}

function podOf(declared: Declared, ref: string): Pod | undefined {
  const tier = declared.tiers.find((one) => one.ref === ref);
  if (tier === undefined || isNobody(tier.set)) return undefined;
  const labels = { ...witnessesOf(tier.set)[0]?.labels };
  return { namespace: tier.namespace, namespaceLabels: { 'kubernetes.io/metadata.name': tier.namespace }, labels };
}

function apply(snapshot: Snapshot, { method, path, body }: Mend): Snapshot {
  const [, kind = '', name = ''] = /^\/v1\/([a-z]+)\/?(.*)$/.exec(path) ?? [];
  if (method === 'PUT') {
    const application = path.slice(path.lastIndexOf('/') + 1);
    const { namespace } = body as { namespace: string };
    const placement: Placement = { environment: snapshot.environment.name, application, namespace, tiers: [] };
    return { ...snapshot, placements: [...snapshot.placements, placement] };
  }
  if (kind === 'peers') return { ...snapshot, peers: [...snapshot.peers, body as Peer] };
  if (method === 'POST') return { ...snapshot, flows: [...snapshot.flows, body as Flow] };
  const flows = snapshot.flows.map((flow) => (flow.name === name ? { ...flow, ...body } : flow));
  return { ...snapshot, flows };
}

describe('the verdict of a random snapshot', () => {
  it('of two tiers is what both sides declare, by the reading that the proof compares the bytes with', () => {
    const check = (snapshot: Snapshot): void => {
      const index = indexOf(snapshot);
      const numbers = portNumbers();
      const declared = declaredOf(snapshot, numbers);
      for (const from of declared.tiers)
        for (const to of declared.tiers) {
          const [source, destination] = [podOf(declared, from.ref), podOf(declared, to.ref)];
          if (source === undefined || destination === undefined) continue;
          const expected = intersectPorts(
            sideOf(declared, numbers, 'egress', source, destination),
            sideOf(declared, numbers, 'ingress', destination, source),
          );
          const { ports } = judge(index, { from: from.ref, to: to.ref });
          expect(`${from.ref} > ${to.ref}: ${formatPortSet(ports)}`).toBe(
            `${from.ref} > ${to.ref}: ${formatPortSet(expected)}`,
          );
        }
    };
    fc.assert(fc.property(either, check), runs(33, 'costly'));
  });

  it('of a tier and an address is what the side of the tier declares', () => {
    const check = (snapshot: Snapshot, address: string): void => {
      const index = indexOf(snapshot);
      const numbers = portNumbers();
      const declared = declaredOf(snapshot, numbers);
      for (const { ref } of declared.tiers) {
        const pod = podOf(declared, ref);
        if (pod === undefined) continue;
        const out = judge(index, { from: ref, to: address });
        const into = judge(index, { from: address, to: ref });
        expect(formatPortSet(out.ports)).toBe(formatPortSet(sideOf(declared, numbers, 'egress', pod, address)));
        expect(formatPortSet(into.ports)).toBe(formatPortSet(sideOf(declared, numbers, 'ingress', pod, address)));
      }
    };
    fc.assert(fc.property(either, fc.constantFrom(...ADDRESSES), check), runs(33, 'costly'));
  });

  it('allows every declared connection, with the flows that declare it; and names a flow or a fact for all that a rule allows', () => {
    const check = (snapshot: Snapshot): void => {
      expect(prove(snapshot, wholeYaml(renderBundle(snapshot))).equal).toBe(true);
      const index = indexOf(snapshot);
      const connections = new Map(
        declaredConnections(snapshot).map((one) => [`${endName(one.from)} > ${endName(one.to)}`, one]),
      );
      for (const [from, to] of pairsOf(snapshot)) {
        const { ports, missing, egress, ingress, flows } = judge(index, { from, to });
        const connection = connections.get(`${from} > ${to}`);
        const absent = missing.some(({ code }) => code === 'no-pods');
        if (connection !== undefined && !absent) {
          const denied = subtractPorts(portSetOf(connection.ports), ports);
          expect(`${from} > ${to}: ${formatPortSet(denied)}`).toBe(`${from} > ${to}: No Connections`);
          const ruled = [egress, ingress].some(({ basis }) => basis === 'policies');
          if (ruled) expect(flows.map(({ name }) => name)).toEqual(expect.arrayContaining([...connection.flows]));
        }
        for (const { objects } of [egress, ingress])
          for (const { rules } of objects)
            for (const rule of rules) expect(rule.flows.length + rule.profile.length).toBeGreaterThan(0);
      }
    };
    fc.assert(fc.property(either, check), runs(20, 'costly'));
  });

  it('that is denied is allowed once its mend is made', () => {
    const port = fc.constantFrom('TCP/80', 'UDP/81', undefined);
    const check = (snapshot: Snapshot, asked: string | undefined): void => {
      const index = indexOf(snapshot);
      for (const [from, to] of pairsOf(snapshot)) {
        const verdict = judge(index, { from, to, port: asked });
        const mends = mendsOf(index, verdict, ALONE);
        if (verdict.allowed) expect(mends).toEqual([]);
        if (mends.length === 0 || mends.some(({ body }) => body === undefined)) continue;
        const after = judge(indexOf(mends.reduce(apply, snapshot)), { from, to, port: asked });
        // Only once it is placed does it show that a selector contradicts itself.
        if (after.missing.some(({ code }) => code === 'no-pods')) continue;
        expect(`${from} > ${to}: ${JSON.stringify(mends)} ${after.allowed}`).toMatch(/ true$/);
        expect(isNoPorts(after.ports)).toBe(false);
      }
    };
    fc.assert(fc.property(either, port, check), runs(13, 'costly'));
  });
});
