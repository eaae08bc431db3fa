import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addresses, internet, widestBlocks } from '../../../src/domain/compile/addresses.js';
import type { Rule, RulePeer } from '../../../src/domain/compile/compiled.js';
import { portSet } from '../../../src/domain/compile/port-sets.js';
import { canonicalSelector, podsPeer } from '../../../src/domain/compile/selectors.js';
import { simplify } from '../../../src/domain/compile/simplify.js';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { formatPortSet } from '../../../src/domain/evaluate/port-set.js';
import { buildWorld, type World } from '../../../src/domain/evaluate/world.js';
import { render } from '../../../src/domain/render/render.js';
import { runs } from '../../support/runs.js';
import { NAMESPACES, portRanges, selectors } from './random-snapshot.js';

const CIDRS = [
  '10.0.0.0/8',
  '10.0.0.0/9',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '10.128.0.0/9',
  '0.0.0.0/0',
  'fd00::/8',
  'fd00:1::/32',
  '::/0',
];
const PROBES = ['10.1.2.3', '10.1.9.9', '10.9.9.9', '10.200.0.1', '8.8.8.8', 'fd00:1::1', 'fd99::1', '2600::1'];

/** Few selectors and few sets of ports, so that most rules have something to merge with. */
const NOT_X = { key: 'track', operator: 'NotIn' as const, values: ['x'] };
const SELECTORS = ['x', 'y', 'z'].flatMap((app) => [
  { matchLabels: { app } },
  { matchLabels: { app, track: 'x' } },
  { matchLabels: { app, track: 'z' } },
  { matchLabels: { app }, matchExpressions: [NOT_X] },
  { matchExpressions: [{ key: 'app', operator: 'In' as const, values: [app, 'y'] }, NOT_X] },
  {
    matchExpressions: [
      { key: 'app', operator: 'In' as const, values: [app, 'y'] },
      { key: 'track', operator: 'Exists' as const },
    ],
  },
]);
const PORTS = [[80], [80, 81], [81, 85]].map(([port = 0, endPort]) => ({
  protocol: 'TCP' as const,
  port,
  ...(endPort === undefined ? {} : { endPort }),
}));

const pods = fc
  .tuple(
    fc.constantFrom(...NAMESPACES, { matchLabels: { team: 'blue' } }),
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...SELECTORS) }, { weight: 1, arbitrary: selectors }),
  )
  .map(([namespaces, selector]): RulePeer => podsPeer(namespaces, canonicalSelector(selector)));
const somePorts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PORTS).map((port) => [port]) },
  { weight: 1, arbitrary: fc.array(portRanges, { minLength: 1, maxLength: 3 }) },
);
const block = fc
  .tuple(fc.constantFrom(...CIDRS), fc.subarray(CIDRS, { maxLength: 2 }))
  .map(([cidr, except]) => addresses([{ cidr, except }]).blocks as readonly RulePeer[]);
const someRules: fc.Arbitrary<Rule[]> = fc.array(
  fc
    .tuple(
      fc.oneof(
        { weight: 5, arbitrary: pods.map((peer) => [peer]) },
        { weight: 3, arbitrary: block },
        { weight: 1, arbitrary: fc.constant('anywhere' as const) },
      ),
      somePorts,
    )
    .map(([peers, ports]) => ({ peers, ports: portSet(ports) })),
  { maxLength: 14 },
);

/** A tier that admits these rules, among pods with every mix of labels. */
function worldWith(rules: readonly Rule[], ingress: boolean): World {
  const pods = ['x', 'y', 'z', undefined].flatMap((app) =>
    ['x', 'z', undefined].flatMap((track) =>
      [...NAMESPACES, 'blue'].map((namespace) => ({ namespace, labels: labelsOf(app, track) })),
    ),
  );
  const workloads = pods.map((pod, index) => ({ ...pod, name: `p${index}`, kind: 'Pod' }));
  const direction = ingress ? 'ingress' : 'egress';
  const hub = { namespace: 'one', name: 'hub', kind: 'Pod', labels: { hub: 'yes' } };
  const policy = {
    kind: 'tier',
    namespace: 'one',
    name: 'hub',
    application: 'a',
    tier: 'hub',
    direction,
    podSelector: { matchLabels: hub.labels },
    rules,
    flows: [],
  } as const;
  const compiled = { environment: 'dev', policies: [policy] };
  const namespaces = [{ name: 'blue', labels: { team: 'blue', 'kubernetes.io/metadata.name': 'blue' } }];
  return buildWorld(
    { namespaces, workloads: [...workloads, hub], policies: render(compiled) },
    { ipBlockMatchesPods: false },
  );
}

function labelsOf(app: string | undefined, track: string | undefined): Record<string, string> {
  return { ...(app === undefined ? {} : { app }), ...(track === undefined ? {} : { track }) };
}

function answers(rules: readonly Rule[], ingress: boolean): string[] {
  const world = worldWith(rules, ingress);
  const others = [...world.workloads.map(({ ref }) => ref).filter((ref) => ref !== 'one/hub[Pod]'), ...PROBES];
  return others.map(
    (other) =>
      `${other} ${formatPortSet(ingress ? allowedPorts(world, other, 'one/hub[Pod]') : allowedPorts(world, 'one/hub[Pod]', other))}`,
  );
}

describe('simplify', () => {
  test('never changes what a set of rules means', () => {
    const check = (rules: Rule[], ingress: boolean): void => {
      expect(answers(simplify(rules), ingress)).toEqual(answers(rules, ingress));
    };
    fc.assert(fc.property(someRules, fc.boolean(), check), runs(200));
  });

  test('gives the same for the same rules in any order, and again for its own result', () => {
    const shuffled = someRules.chain((rules) =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    );
    const check = ([rules, other]: [Rule[], Rule[]]): void => {
      expect(simplify(other)).toEqual(simplify(rules));
      expect(simplify(simplify(rules))).toEqual(simplify(rules));
    };
    fc.assert(fc.property(shuffled, check), runs(300));
  });

  test('brings together ports of a peer that was merged from others, and of the same peer as it stood', () => {
    const tcp80 = portSet([{ protocol: 'TCP', port: 80 }]);
    const both = portSet([{ protocol: 'TCP', port: 80, endPort: 81 }]);
    const yAndZ = { matchExpressions: [{ key: 'app', operator: 'In' as const, values: ['y', 'z'] }] };
    const rules = simplify([
      { peers: [podsPeer('one', { matchLabels: { app: 'z' } })], ports: tcp80 },
      { peers: [podsPeer('one', yAndZ)], ports: both },
      { peers: [podsPeer('one', { matchLabels: { app: 'y' } })], ports: tcp80 },
    ]);
    expect(rules).toEqual([{ peers: [podsPeer('one', yAndZ)], ports: both }]);
  });

  test('makes one peer of thousands that differ in one label', () => {
    const ports = portSet([{ protocol: 'TCP', port: 80 }]);
    const rules = Array.from({ length: 5000 }, (_, index): Rule => ({
      peers: [podsPeer('one', { matchLabels: { app: `a${index}` } })],
      ports,
    }));
    const [rule, ...others] = simplify(rules);
    expect(others).toEqual([]);
    expect(rule?.peers).toHaveLength(1);
  });
});

describe('portSet', () => {
  const key = (...ports: Parameters<typeof portSet>[0]): string => portSet(ports).key;
  const tcp = (port: number, endPort?: number) => ({
    protocol: 'TCP' as const,
    port,
    ...(endPort === undefined ? {} : { endPort }),
  });

  test.each([
    ['single neighbours stay single: some plugins know no endPort', key(tcp(81), tcp(80)), 'TCP 80,TCP 81'],
    ['ranges that touch become one', key(tcp(80, 85), tcp(86, 90)), 'TCP 80-90'],
    ['ranges that overlap become one', key(tcp(80, 88), tcp(85, 90)), 'TCP 80-90'],
    ['a range holds its single ports', key(tcp(85), tcp(80, 90), tcp(90)), 'TCP 80-90'],
    ['a single port beside a range stays', key(tcp(91), tcp(80, 90)), 'TCP 80-90,TCP 91'],
    ['a range of one port is that port', key(tcp(80, 80), tcp(80)), 'TCP 80'],
    ['protocols are apart', key(tcp(80), { protocol: 'UDP', port: 80 }), 'TCP 80,UDP 80'],
  ])('%s', (_, met, wanted) => expect(met).toBe(wanted));
});

describe('addresses', () => {
  const texts = (blocks: ReturnType<typeof internet>): string[] =>
    blocks.blocks.map(({ cidr, except }) => [cidr, ...except].join(' - '));

  test('are written in one way', () => {
    expect(
      texts(
        addresses([
          { cidr: '2001:DB8:0:0::/32' },
          { cidr: '10.1.2.3/8', except: ['10.2.0.0/16', '10.2.3.0/24', '11.0.0.0/8'] },
        ]),
      ),
    ).toEqual(['2001:db8::/32', '10.0.0.0/8 - 10.2.0.0/16']);
  });

  test('leave out a block as a whole that cannot be read or that is emptied', () => {
    const { blocks, leftOut } = addresses([
      { cidr: '10.0.0.0/8', except: ['10.0.0.0/33'] },
      { cidr: '10.0.0.0/8', except: ['0.0.0.0/0'] },
      { cidr: 'x' },
    ]);
    expect(blocks).toEqual([]);
    expect(leftOut).toEqual(['10.0.0.0/8 except 10.0.0.0/33', '10.0.0.0/8 except 0.0.0.0/0', 'x']);
  });

  test('the internet is both families without the private ranges, or without what the peer says', () => {
    expect(texts(internet())).toEqual([
      '0.0.0.0/0 - 10.0.0.0/8 - 100.64.0.0/10 - 169.254.0.0/16 - 172.16.0.0/12 - 192.168.0.0/16',
      '::/0 - fc00::/7 - fe80::/10',
    ]);
    expect(texts(internet(['10.0.0.0/8']))).toEqual(['0.0.0.0/0 - 10.0.0.0/8', '::/0']);
    expect(texts(internet(['::/0']))).toEqual(['0.0.0.0/0']);
  });

  test('a block inside another one goes, unless that one excepts a part of it', () => {
    const kept = (...blocks: Parameters<typeof addresses>[0]): string[] =>
      texts({ blocks: widestBlocks(addresses(blocks).blocks), leftOut: [] });
    expect(kept({ cidr: '10.1.0.0/16' }, { cidr: '10.0.0.0/8' }, { cidr: '10.0.0.0/8' })).toEqual(['10.0.0.0/8']);
    expect(kept({ cidr: '10.1.0.0/16' }, { cidr: '10.0.0.0/8', except: ['10.1.2.0/24'] })).toHaveLength(2);
    expect(
      kept({ cidr: '10.1.0.0/16', except: ['10.1.2.0/24'] }, { cidr: '10.0.0.0/8', except: ['10.1.2.0/24'] }),
    ).toHaveLength(1);
  });
});
