import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { connections } from '../../../src/domain/evaluate/connections.js';
import type { EvaluateOptions } from '../../../src/domain/evaluate/options.js';
import {
  formatPortSet,
  hasPort,
  isNoPorts,
  NO_PORTS,
  subtractPorts,
  unionPorts,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import { formatRange } from '../../../src/domain/evaluate/ranges.js';
import { verdict } from '../../../src/domain/evaluate/verdict.js';
import { buildWorld, type World, type WorldInput } from '../../../src/domain/evaluate/world.js';
import { workloadRef } from '../../../src/domain/kubernetes/workload.js';
import { formatAddress } from '../../../src/domain/model/cidr.js';
import type { Protocol } from '../../../src/domain/model/ports.js';
import { runs } from '../../support/runs.js';
import { randomInput, randomOptions, randomRule } from './random-world.js';
import { referenceAllows, type ReferenceEnd } from './reference.js';

const PROBES: readonly (readonly [Protocol, number])[] = [
  ...([1, 53, 79, 80, 81, 82, 443, 444, 8080, 65535] as const).flatMap((port) => [
    ['TCP', port] as const,
    ['UDP', port] as const,
  ]),
  ['SCTP', 80],
  ['SCTP', 81],
];

/** The workloads by name, and the ranges of one direction by their first and last address. */
function endsOf(
  world: World,
  cutBy: 'ingress' | 'egress',
): { ref: string; ends: ReferenceEnd[]; kind: 'workload' | 'range' }[] {
  const workloads = world.workloads.map(({ ref }) => ({
    ref,
    kind: 'workload' as const,
    ends: world.input.workloads.filter((one) => workloadRef(one) === ref),
  }));
  const ranges = world.ranges[cutBy].map((range) => ({
    ref: formatRange(range),
    kind: 'range' as const,
    ends: [formatAddress(range.family, range.first), formatAddress(range.family, range.last)],
  }));
  return [...workloads, ...ranges];
}

function pairsOf(world: World) {
  const targets = endsOf(world, 'egress');
  return endsOf(world, 'ingress').flatMap((src) =>
    targets
      .filter((dst) => src.ref !== dst.ref && (src.kind === 'workload' || dst.kind === 'workload'))
      .map((dst) => ({ src, dst })),
  );
}

describe('a small cluster', () => {
  test('every pair, port by port, is judged as the slow and obvious evaluator does', () => {
    fc.assert(
      fc.property(randomInput, randomOptions, (input, options) => {
        const world = buildWorld(input, options);
        for (const { src, dst } of pairsOf(world)) {
          const ports = allowedPorts(world, src.ref, dst.ref);
          for (const [protocol, port] of PROBES) {
            const want = src.ends.some((from) =>
              dst.ends.some((to) => referenceAllows(input, options, { src: from, dst: to, protocol, port })),
            );
            const nodeToItsPod = dst.kind === 'workload' && src.kind === 'range' && isNodeOf(dst.ends, src.ends);
            if (!nodeToItsPod)
              expect(hasPort(ports, protocol, port), `${src.ref} ${dst.ref} ${protocol} ${port}`).toBe(want);
          }
        }
      }),
      runs(27, 'costly'),
    );
  });

  test('the list is that of all pairs asked one by one, and the verdicts agree', () => {
    fc.assert(
      fc.property(randomInput, randomOptions, (input, options) => {
        const world = buildWorld(input, options);
        const named = (ref: string, kind: string) =>
          kind === 'workload' || world.families.includes(ref.startsWith('0.') || !ref.includes(':') ? 'IPv4' : 'IPv6');
        const asked = pairsOf(world)
          .filter(({ src, dst }) => named(src.ref, src.kind) && named(dst.ref, dst.kind))
          .map(({ src, dst }) => ({ src: src.ref, dst: dst.ref, ports: allowedPorts(world, src.ref, dst.ref) }))
          .filter(({ ports }) => !isNoPorts(ports))
          .map(({ src, dst, ports }) => ({ src, dst, conn: formatPortSet(ports) }))
          .sort((a, b) => (a.src === b.src ? (a.dst < b.dst ? -1 : 1) : a.src < b.src ? -1 : 1));
        expect(connections(world)).toEqual(asked);
        for (const { src, dst, conn } of asked.slice(0, 5))
          expect(formatPortSet(verdict(world, src, dst).allowed)).toBe(conn);
      }),
      runs(27, 'costly'),
    );
  });

  test('the order of policies, workloads and namespaces is irrelevant', () => {
    fc.assert(
      fc.property(randomInput, randomOptions, (input, options) => {
        const turned: WorldInput = {
          namespaces: [...input.namespaces].reverse(),
          workloads: [...input.workloads].reverse(),
          policies: [...input.policies].reverse(),
        };
        expect(connections(buildWorld(turned, options))).toEqual(connections(buildWorld(input, options)));
      }),
      runs(20, 'costly'),
    );
  });

  test('one more rule in a policy never takes a connection away', () => {
    fc.assert(
      fc.property(
        randomInput,
        randomRule,
        fc.constantFrom('ingress', 'egress'),
        fc.nat(3),
        randomOptions,
        (input, rule, direction, at, options) => {
          const policy = input.policies[at];
          const type = direction === 'ingress' ? 'Ingress' : 'Egress';
          fc.pre(policy !== undefined && policy.spec.policyTypes.includes(type));
          const added =
            direction === 'ingress'
              ? rule
              : { ...(rule.from && { to: rule.from }), ...(rule.ports && { ports: rule.ports }) };
          const more = {
            ...policy!,
            spec: { ...policy!.spec, [direction]: [...(policy!.spec[direction] ?? []), added] },
          };
          const after: WorldInput = { ...input, policies: input.policies.map((one, i) => (i === at ? more : one)) };
          expect(lost(input, after, options)).toEqual([]);
        },
      ),
      runs(20, 'costly'),
    );
  });
});

function isNodeOf(pods: readonly ReferenceEnd[], [address, last]: readonly ReferenceEnd[]): boolean {
  return (
    address === last &&
    pods.some((pod) => typeof pod !== 'string' && pod.hostAddresses?.includes(String(address)) === true)
  );
}

/** Pairs with a port that is allowed before and not after; the ranges of both are cut alike. */
function lost(before: WorldInput, after: WorldInput, options: Partial<EvaluateOptions>): string[] {
  const was = buildWorld({ ...before, cutAlsoBy: after.policies }, options);
  const is = buildWorld({ ...after, cutAlsoBy: before.policies }, options);
  const portsOf = (world: World) =>
    new Map(
      pairsOf(world).map(({ src, dst }): [string, PortSet] => [
        `${src.ref} ${dst.ref}`,
        allowedPorts(world, src.ref, dst.ref),
      ]),
    );
  const now = portsOf(is);
  return [...portsOf(was)]
    .filter(([pair, ports]) => !isNoPorts(subtractPorts(ports, unionPorts(now.get(pair) ?? NO_PORTS, NO_PORTS))))
    .map(([pair]) => pair);
}
