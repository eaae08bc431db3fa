import { describe, expect, test } from 'vitest';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import { exposure } from '../../../src/domain/exposure/exposure.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';
import type { NamespaceFacts } from '../../../src/domain/kubernetes/workload.js';

const WEB = {
  namespace: 'shop',
  name: 'web',
  kind: 'Deployment',
  labels: { app: 'web' },
  namedPorts: [{ name: 'http', protocol: 'TCP' as const, port: 8080 }],
};
const policy = (name: string, spec: object) => defaultPolicy({ metadata: { name, namespace: 'shop' }, spec });

/** What `web` is exposed to by policies `p0`, `p1` ... of its namespace, in one direction. */
function exposed(direction: 'ingress' | 'egress', specs: object[], namespaces: NamespaceFacts[] = []) {
  const policies = specs.map((spec, index) => policy(`p${index}`, spec));
  const { exposures } = exposure(buildWorld({ namespaces, workloads: [WEB], policies }));
  return exposures.filter((one) => one.direction === direction).map(({ peer, conn }) => `${peer}: ${conn}`);
}
const from = (...peers: object[]) => ({ ingress: [{ from: peers, ports: [{ port: 80 }] }] });
const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

describe('what a workload is exposed to', () => {
  test('no policy: everyone, both ways, and it is named as unprotected', () => {
    const world = buildWorld({ namespaces: [], workloads: [WEB], policies: [] });
    const workload = 'shop/web[Deployment]';
    expect(exposure(world)).toEqual({
      exposures: (['egress', 'ingress'] as const).flatMap((direction) => [
        { workload, direction, peer: 'entire-cluster', kind: 'entire-cluster', conn: 'All Connections', policies: [] },
        {
          ...{ workload, direction, peer: '0.0.0.0-255.255.255.255[External]', kind: 'range' },
          ...{ conn: 'All Connections', policies: [] },
        },
      ]),
      unprotected: [
        { workload, direction: 'egress' },
        { workload, direction: 'ingress' },
      ],
    });
  });

  test('a policy that lets nobody in: nothing, and only egress is unprotected', () => {
    expect(exposed('ingress', [{ policyTypes: ['Ingress'] }])).toEqual([]);
    const world = buildWorld({ namespaces: [], workloads: [WEB], policies: [policy('deny', {})] });
    expect(exposure(world).unprotected).toEqual([{ workload: 'shop/web[Deployment]', direction: 'egress' }]);
  });

  test('everyone, every namespace, one namespace, and the own one', () => {
    expect(exposed('ingress', [{ ingress: [{ ports: [{ port: 80 }] }] }])).toEqual([
      'entire-cluster: TCP 80',
      '0.0.0.0-255.255.255.255[External]: TCP 80',
    ]);
    expect(exposed('ingress', [from({ namespaceSelector: {} })])).toEqual(['entire-cluster: TCP 80']);
    expect(exposed('ingress', [from({ namespaceSelector: named('team') })])).toEqual(['team/*[Pods]: TCP 80']);
    expect(exposed('ingress', [from({ podSelector: {} })])).toEqual(['shop/*[Pods]: TCP 80']);
  });

  test('selectors, whether or not they match a given workload', () => {
    const app = (value: string) => ({ matchLabels: { app: value } });
    expect(
      exposed('ingress', [
        from(
          { podSelector: app('web') },
          { podSelector: app('api'), namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } },
          { podSelector: app('probe'), namespaceSelector: {} },
        ),
      ]),
    ).toEqual(['*/{app=probe}[Pods]: TCP 80', 'shop/{app=web}[Pods]: TCP 80', '{team}/{app=api}[Pods]: TCP 80']);
  });

  test('what wider pods may do is not said again of narrower ones', () => {
    const wide = { from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] };
    const own = { from: [{ podSelector: {} }], ports: [{ port: 80 }, { port: 443 }] };
    const web = { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80, endPort: 500 }] };
    expect(exposed('ingress', [{ ingress: [wide, own] }, { ingress: [web] }])).toEqual([
      'entire-cluster: TCP 80',
      'shop/*[Pods]: TCP 443',
      'shop/{app=web}[Pods]: TCP 81-442,444-500',
    ]);
  });

  test('a given namespace is known by its labels; another one may have any', () => {
    const prod = { matchLabels: { stage: 'prod' } };
    const known = (name: string, stage: string) => ({ name, labels: { 'kubernetes.io/metadata.name': name, stage } });
    const specs = [from({ namespaceSelector: prod }, { podSelector: {} })];
    expect(exposed('ingress', specs, [known('shop', 'prod')])).toEqual(['{stage=prod}/*[Pods]: TCP 80']);
    expect(exposed('ingress', specs, [known('shop', 'dev')])).toEqual([
      'shop/*[Pods]: TCP 80',
      '{stage=prod}/*[Pods]: TCP 80',
    ]);
    const both = { matchLabels: { ...named('shop').matchLabels, ...prod.matchLabels } };
    expect(exposed('ingress', [from({ namespaceSelector: both })], [known('shop', 'dev')])).toEqual([]);
    expect(exposed('ingress', [from({ namespaceSelector: both })], [known('shop', 'prod')])).toEqual([
      'shop/*[Pods]: TCP 80',
    ]);
  });

  test('a selector that nothing can match is no exposure', () => {
    const never = {
      matchLabels: { app: 'a' },
      matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }],
    };
    expect(exposed('ingress', [from({ podSelector: never })])).toEqual([]);
    const nameless = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'DoesNotExist' }] };
    expect(exposed('ingress', [from({ namespaceSelector: nameless })])).toEqual([]);
  });

  test('names of ports: numbers of the workload inbound, names still open outbound', () => {
    const ports = [{ port: 'http' }, { port: 53, protocol: 'UDP' }];
    expect(exposed('ingress', [{ ingress: [{ from: [{ podSelector: {} }], ports }] }])).toEqual([
      'shop/*[Pods]: TCP 8080,UDP 53',
    ]);
    const egress = [{ to: [{ podSelector: {} }], ports: [...ports, { port: 80 }] }];
    expect(exposed('egress', [{ policyTypes: ['Egress'], egress }])).toEqual(['shop/*[Pods]: TCP 80,http,UDP 53']);
  });

  test('addresses: neighbours with the same ports are one range, and all of IPv4 holds the pods too', () => {
    const block = (cidr: string, except: string[] = []) => ({ ipBlock: { cidr, except } });
    expect(exposed('ingress', [from(block('10.0.0.0/9'), block('10.128.0.0/9'))])).toEqual([
      '10.0.0.0-10.255.255.255[External]: TCP 80',
    ]);
    expect(exposed('ingress', [from(block('0.0.0.0/0'))])).toEqual([
      'entire-cluster: TCP 80',
      '0.0.0.0-255.255.255.255[External]: TCP 80',
    ]);
    expect(exposed('ingress', [from(block('0.0.0.0/0', ['10.0.0.0/8']), block('::/0'))])).toEqual([
      '0.0.0.0-9.255.255.255[External]: TCP 80',
      '11.0.0.0-255.255.255.255[External]: TCP 80',
      '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External]: TCP 80',
    ]);
  });

  test('each exposure names the policies behind it', () => {
    const policies = [policy('a', from({ podSelector: {} })), policy('b', from({ podSelector: {} }))];
    const { exposures } = exposure(buildWorld({ namespaces: [], workloads: [WEB], policies }));
    expect(exposures.find(({ direction }) => direction === 'ingress')?.policies).toEqual(['shop/a', 'shop/b']);
  });

  test('thousands of peers are not compared with each other', () => {
    const peers = Array.from({ length: 4000 }, (_, index) => ({
      namespaceSelector: named(`team-${index % 900}`),
      podSelector: { matchLabels: { app: `app-${index}`, tier: 'web' } },
    }));
    const wide = { namespaceSelector: {}, podSelector: { matchLabels: { app: 'app-7' } } };
    const start = performance.now();
    const found = exposed('ingress', [from(...peers, wide)]);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(found).toHaveLength(4000);
    expect(found).toContain('*/{app=app-7}[Pods]: TCP 80');
    expect(found.filter((line) => line.includes('app=app-7,'))).toEqual([]);
  });
});
