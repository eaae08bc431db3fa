import { describe, expect, test } from 'vitest';
import { connections } from '../../../src/domain/evaluate/connections.js';
import { buildWorld, type WorldInput } from '../../../src/domain/evaluate/world.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';

const SPREAD = 7919;

/** A cluster where every workload calls five others, with a policy for each direction, a default deny a namespace, and DNS. */
function estate(workloads: number): WorldInput {
  const namespace = (i: number) => `team-${Math.floor(i / 5)}`;
  const callees = (i: number) =>
    Array.from({ length: 5 }, (_, k) => (i + (k + 1) * SPREAD) % workloads).filter((j) => j !== i);
  const callers: number[][] = Array.from({ length: workloads }, () => []);
  for (let i = 0; i < workloads; i++) for (const j of callees(i)) callers[j]?.push(i);
  const peer = (i: number) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace(i) } },
    podSelector: { matchLabels: { app: `app-${i}` } },
  });
  const all = [...Array(workloads).keys()];
  const policy = (name: string, i: number, spec: object) =>
    defaultPolicy({ metadata: { name, namespace: namespace(i) }, spec });
  return {
    namespaces: [],
    workloads: all.map((i) => ({
      namespace: namespace(i),
      name: `app-${i}`,
      kind: 'Deployment',
      labels: { app: `app-${i}`, 'pod-template-hash': `${i}` },
    })),
    policies: all.flatMap((i) => {
      const podSelector = { matchLabels: { app: `app-${i}` } };
      const egress = [
        { to: callees(i).map(peer), ports: [{ port: 8080 }] },
        { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] },
      ];
      const ingress = callers[i]?.map((j) => ({ from: [peer(j)], ports: [{ port: 8080 }] }));
      return [
        policy(`app-${i}-egress`, i, { podSelector, policyTypes: ['Egress'], egress }),
        policy(`app-${i}-ingress`, i, { podSelector, ingress }),
        ...(i % 5 === 0 ? [policy('default-deny-all', i, { policyTypes: ['Ingress', 'Egress'] })] : []),
      ];
    }),
  };
}

describe('size', () => {
  test('3,000 workloads with 6,600 policies are listed in seconds', () => {
    const input = estate(3000);
    const start = performance.now();
    const found = connections(buildWorld(input));
    expect(found).toHaveLength(15_000);
    expect(input.policies).toHaveLength(6600);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  test('replicas cost nothing: pods that no policy tells apart fall together', () => {
    const pods = Array.from({ length: 20_000 }, (_, i) => ({
      namespace: 'a',
      name: 'web',
      kind: 'ReplicaSet',
      labels: { app: 'web', pod: `${i}` },
      addresses: [`10.0.${i >> 8}.${i & 255}`],
    }));
    const world = buildWorld({
      namespaces: [],
      workloads: pods,
      policies: [
        defaultPolicy({
          metadata: { name: 'p', namespace: 'a' },
          spec: { podSelector: { matchLabels: { app: 'web' } } },
        }),
      ],
    });
    expect(world.classes).toHaveLength(1);
    expect(world.workloads).toHaveLength(1);
  });

  test('thousands of blocks and open workloads do not multiply before they are asked for', () => {
    const blocks = Array.from({ length: 2000 }, (_, i) => ({
      from: [{ ipBlock: { cidr: `10.${i >> 8}.${i & 255}.0/24` } }],
      ports: [{ port: 1 + i }],
    }));
    const start = performance.now();
    const world = buildWorld({
      namespaces: [],
      workloads: [{ namespace: 'a', name: 'web', kind: 'Pod', labels: {} }],
      policies: [defaultPolicy({ metadata: { name: 'p', namespace: 'a' }, spec: { ingress: blocks } })],
    });
    expect(connections(world)).toHaveLength(2001);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test('a wide block over ranges that other policies cut gives each of them the same', () => {
    const small = Array.from({ length: 200 }, (_, i) => ({
      from: [{ ipBlock: { cidr: `10.0.${i}.0/25` } }],
      ports: [{ port: 80 }],
    }));
    const wide = { from: [{ ipBlock: { cidr: '10.0.0.0/17' } }], ports: [{ port: 443 }] };
    const policy = (name: string, ingress: object[]) =>
      defaultPolicy({
        metadata: { name, namespace: 'a' },
        spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ['Ingress', 'Egress'], ingress },
      });
    const found = connections(
      buildWorld({
        namespaces: [],
        workloads: ['db', 'web'].map((app) => ({ namespace: 'a', name: app, kind: 'Pod', labels: { app } })),
        policies: [policy('db', small), policy('web', [wide])],
      }),
    );
    const count = (dst: string, conn: string) => found.filter((one) => one.dst === dst && one.conn === conn).length;
    expect([count('a/db[Pod]', 'TCP 80'), count('a/web[Pod]', 'TCP 443'), found.length]).toEqual([200, 256, 456]);
  });
});
