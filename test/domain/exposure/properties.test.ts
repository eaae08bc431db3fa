import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from '../../../src/domain/evaluate/selector.js';
import { verdict } from '../../../src/domain/evaluate/verdict.js';
import { hasPort } from '../../../src/domain/evaluate/port-set.js';
import { buildWorld, type WorldInput } from '../../../src/domain/evaluate/world.js';
import { connections } from '../../../src/domain/evaluate/connections.js';
import { exposure, type Exposure } from '../../../src/domain/exposure/exposure.js';
import { podsWithin, type PotentialPods } from '../../../src/domain/exposure/potential-pods.js';
import type { NamespaceFacts, WorkloadFacts } from '../../../src/domain/kubernetes/workload.js';
import type { Protocol } from '../../../src/domain/model/ports.js';
import { runs } from '../../support/runs.js';
import { randomInput, randomOptions } from '../evaluate/random-world.js';

const PROTOCOLS: readonly Protocol[] = ['SCTP', 'TCP', 'UDP'];
const NUMBERS = [1, 53, 79, 80, 81, 82, 443, 8080, 65535];
const label = fc.constantFrom('x', 'y', '');
const labels = fc.record({ app: label, tier: label, env: label }, { requiredKeys: [] });

/** A pod that comes later, in a namespace that is there or in a new one. */
const newcomer: fc.Arbitrary<{ pod: WorkloadFacts; namespace: NamespaceFacts }> = fc
  .record({ name: fc.constantFrom('a', 'b', 'new'), pod: labels, namespace: labels, http: fc.constantFrom(80, 8080) })
  .map(({ name, pod, namespace, http }) => ({
    pod: {
      ...{ namespace: name, name: 'newcomer', kind: 'Pod', labels: pod },
      namedPorts: [{ name: 'http', protocol: 'TCP', port: http }],
    },
    namespace: { name, labels: { ...namespace, 'kubernetes.io/metadata.name': name } },
  }));

/** The pod's namespace as it is where it is known, and as given where the newcomer brings it along. */
function arrival(input: WorldInput, { pod, namespace }: { pod: WorkloadFacts; namespace: NamespaceFacts }) {
  const isThere =
    input.namespaces.some(({ name }) => name === namespace.name) ||
    input.workloads.some((workload) => workload.namespace === namespace.name);
  const namespaces = isThere ? input.namespaces : [...input.namespaces, namespace];
  const known = namespaces.find(({ name }) => name === namespace.name);
  const own = known?.labels ?? { 'kubernetes.io/metadata.name': namespace.name };
  return { world: { ...input, namespaces, workloads: [...input.workloads, pod] }, namespaceLabels: own };
}

function means(one: Exposure, pod: WorkloadFacts, namespaceLabels: Readonly<Record<string, string>>): boolean {
  if (one.kind === 'entire-cluster') return true;
  if (one.kind === 'range') return false;
  const where =
    one.namespace === undefined ? matches(one.namespaceSelector, namespaceLabels) : one.namespace === pod.namespace;
  return where && matches(one.podSelector, pod.labels);
}

/** Reads the text of an answer, with the names of ports as this pod has them. */
function opens({ conn }: Exposure, pod: WorkloadFacts, protocol: Protocol, port: number): boolean {
  if (conn === 'All Connections') return true;
  const part = conn.split(/,(?=SCTP |TCP |UDP )/).find((text) => text.startsWith(`${protocol} `)) ?? '';
  return part
    .slice(protocol.length + 1)
    .split(',')
    .some((item) => {
      const [, first, last = first] = /^([0-9]+)(?:-([0-9]+))?$/.exec(item) ?? [];
      if (first !== undefined) return Number(first) <= port && port <= Number(last);
      return (
        pod.namedPorts?.some((one) => one.name === item && one.protocol === protocol && one.port === port) === true
      );
    });
}

const NOBODY: WorkloadFacts = { namespace: 'a', name: 'nobody', kind: 'Pod', labels: {} };

function podsOf({ namespace, namespaceSelector = {}, podSelector = {} }: Exposure): PotentialPods {
  if (namespace !== undefined) return { namespaces: { kind: 'one', name: namespace }, pods: podSelector };
  return { namespaces: { kind: 'matching', selector: namespaceSelector }, pods: podSelector };
}

describe('exposure, for any cluster', () => {
  test('a pod that comes meets what was exposed to it, and nothing else', () => {
    const property = fc.property(randomInput, randomOptions, newcomer, (input, options, coming) => {
      const before = buildWorld(input, options);
      const { exposures } = exposure(before);
      const { world, namespaceLabels } = arrival(input, coming);
      const after = buildWorld(world, options);
      const newcomerRef = `${coming.pod.namespace}/newcomer[Pod]`;
      for (const { ref, classes } of before.workloads) {
        if (classes.some((id) => before.classes[id]?.onNode === true)) continue; // not by policies, but by its node
        for (const direction of ['ingress', 'egress'] as const) {
          const [src, dst] = direction === 'ingress' ? [newcomerRef, ref] : [ref, newcomerRef];
          const said = exposures.filter(
            (one) => one.workload === ref && one.direction === direction && means(one, coming.pod, namespaceLabels),
          );
          const { allowed } = verdict(after, src, dst)[direction];
          const pod: WorkloadFacts = direction === 'egress' ? coming.pod : { ...coming.pod, namedPorts: [] };
          for (const protocol of PROTOCOLS)
            for (const port of NUMBERS)
              expect(
                said.some((one) => opens(one, pod, protocol, port)),
                `${src} => ${dst} ${protocol} ${port}`,
              ).toBe(hasPort(allowed, protocol, port));
        }
      }
    });
    fc.assert(property, runs(100, 'costly'));
  });

  test('no exposure says again what another one of the workload says of the same pods, or of the same addresses', () => {
    const property = fc.property(randomInput, randomOptions, (input, options) => {
      const { exposures } = exposure(buildWorld(input, options));
      const keys = exposures.map(({ workload, direction, peer }) => `${workload} ${direction} ${peer}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(exposures.map(({ conn }) => conn)).not.toContain('No Connections');
      const known = new Map(input.namespaces.map(({ name, labels }) => [name, labels]));
      const pods = exposures.filter(({ kind }) => kind === 'pods');
      for (const inner of pods) {
        for (const outer of exposures) {
          if (outer === inner || outer.workload !== inner.workload || outer.direction !== inner.direction) continue;
          if (outer.kind === 'range' || (outer.kind === 'pods' && !podsWithin(podsOf(inner), podsOf(outer), known)))
            continue;
          const shared = PROTOCOLS.flatMap((protocol) =>
            NUMBERS.filter((port) => [inner, outer].every((one) => opens(one, NOBODY, protocol, port))),
          );
          expect(shared, `${inner.peer} ${inner.conn} within ${outer.peer} ${outer.conn}`).toEqual([]);
        }
      }
    });
    fc.assert(property, runs(67, 'costly'));
  });

  test('addresses outside are those of the connections', () => {
    const property = fc.property(randomInput, randomOptions, (input, options) => {
      const world = buildWorld(input, options);
      const listed = connections(world).filter(({ src, dst }) => `${src}${dst}`.includes('[External]'));
      const ranges = exposure(world).exposures.filter(({ kind }) => kind === 'range');
      const covers = (range: string, part: string) => part.includes(range.slice(0, range.indexOf('-')));
      for (const { workload, direction, peer, conn } of ranges)
        expect(
          listed.some((one) =>
            direction === 'ingress'
              ? one.dst === workload && one.conn === conn && covers(peer, one.src)
              : one.src === workload && one.conn === conn && covers(peer, one.dst),
          ),
        ).toBe(true);
      for (const one of listed) {
        const [workload, direction] = one.src.includes('[External]') ? [one.dst, 'ingress'] : [one.src, 'egress'];
        expect(ranges.some((r) => r.workload === workload && r.direction === direction && r.conn === one.conn)).toBe(
          true,
        );
      }
    });
    fc.assert(property, runs(67, 'costly'));
  });

  test('the order of what is given changes nothing', () => {
    const property = fc.property(randomInput, (input) => {
      const turned = {
        namespaces: [...input.namespaces].reverse(),
        workloads: [...input.workloads].reverse(),
        policies: [...input.policies].reverse(),
      };
      expect(exposure(buildWorld(turned))).toEqual(exposure(buildWorld(input)));
    });
    fc.assert(property, runs(67, 'costly'));
  });
});
