import fc from 'fast-check';
import {
  DEFAULT_DNS,
  tierRef,
  type Endpoint,
  type Flow,
  type FlowPort,
  type Peer,
  type Placement,
  type Profile,
  type Tier,
  type TierPlacement,
} from '../../../src/domain/model/entities.js';
import type { NamedPort, PortRange } from '../../../src/domain/model/ports.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

/** Few names, so that things meet: equal tier names, names that join to the same text, selectors that differ in one value. */
const APPLICATIONS = ['a', 'a-b', 'b', 'shop'];
const TIERS = ['b', 'c', 'b-c', 'web'];
export const NAMESPACES = ['one', 'two', 'kube-system'];
const KEYS = ['app', 'track', 'constructor'];
const VALUES = ['x', 'y', 'z', ''];
const ENVIRONMENTS = [undefined, ['dev'], ['prod', 'dev'], ['prod']];
const IPV4 = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '192.0.2.0/24', '203.0.113.7/32', '0.0.0.0/0'];
const IPV6 = ['fd00::/8', 'fd00:1::/32', '2001:db8::/32', '::/0'];
const BLOCKS = [...IPV4, ...IPV6].map((cidr) => ({ cidr }));
const CUT_BLOCKS = [
  { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
  { cidr: '10.0.0.0/8', except: ['10.1.2.0/24', '10.1.0.0/16'] },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: 'fd00::/8', except: ['fd00:1::/32'] },
];

const value = fc.constantFrom(...VALUES);
const labels = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 2 });
const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: fc.constantFrom(...KEYS), operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);

export const selectors: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ matchLabels: labels }) },
  { weight: 1, arbitrary: fc.record({ matchExpressions: fc.array(requirement, { maxLength: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) }),
  },
);

const namespaceSelectors: fc.Arbitrary<LabelSelector> = fc.oneof(
  fc.constantFrom(...NAMESPACES, 'elsewhere').map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
  fc.constant({}),
  fc.constantFrom(
    { matchLabels: { team: 'blue' } },
    { matchLabels: { 'kubernetes.io/metadata.name': 'two', team: 'green' } },
    { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: ['two', 'one'] }] },
  ),
);

const single = fc.record({
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const),
  port: fc.integer({ min: 78, max: 84 }),
});
export const portRanges: fc.Arbitrary<PortRange> = fc.oneof(
  single,
  fc.tuple(single, fc.nat(4)).map(([range, width]) => ({ ...range, endPort: range.port + width })),
);
const namedPorts: fc.Arbitrary<NamedPort[]> = fc.uniqueArray(
  fc.tuple(fc.constantFrom('http', 'grpc', 'metrics'), portRanges).map(([name, range]) => ({ name, ...range })),
  { selector: (port) => port.name, maxLength: 3 },
);

const blocks = fc.array(fc.constantFrom(...BLOCKS, ...CUT_BLOCKS), { minLength: 1, maxLength: 3 });
const peerBlocks = fc.array(
  fc
    .tuple(fc.constantFrom(...BLOCKS, ...CUT_BLOCKS), fc.constantFrom(...ENVIRONMENTS))
    .map(([block, environments]) => (environments === undefined ? block : { ...block, environments })),
  { minLength: 1, maxLength: 4 },
);

const peerShapes = fc.oneof(
  fc.record({ kind: fc.constant('pods' as const), podSelector: selectors }),
  fc.record({ kind: fc.constant('pods' as const), namespaceSelector: namespaceSelectors }),
  fc.record({ kind: fc.constant('pods' as const), namespaceSelector: namespaceSelectors, podSelector: selectors }),
  fc.record({ kind: fc.constant('cidr' as const), blocks: peerBlocks }),
  fc.constant({ kind: 'internet' as const }),
  fc.record({ kind: fc.constant('internet' as const), except: fc.subarray([...IPV4, ...IPV6]) }),
  fc.constantFrom({ kind: 'anywhere' as const }, { kind: 'nodes' as const }, { kind: 'apiserver' as const }),
);
const peers: fc.Arbitrary<Peer[]> = fc
  .array(peerShapes, { maxLength: 4 })
  .map((shapes) => shapes.map((shape, index) => ({ name: `peer-${index}`, ...shape })));

const profiles: fc.Arbitrary<Profile> = fc.record({
  defaultDeny: fc.boolean(),
  dns: fc.constantFrom(null, DEFAULT_DNS, {
    ...DEFAULT_DNS,
    ports: [{ protocol: 'UDP' as const, port: 80 }],
    nodeLocalCidrs: ['10.1.2.0/24'],
  }),
  nodeCidrs: fc.subarray(['10.1.0.0/16', '10.1.2.0/24', 'fd00:1::/32']),
  apiServerCidrs: fc.subarray(['203.0.113.7/32']),
  monitoring: fc.option(
    fc.record({
      namespaceSelector: namespaceSelectors,
      podSelector: selectors,
      portNames: fc.subarray(['metrics', 'http'], { minLength: 1 }),
    }),
  ),
});

/** `own` makes the selectors of tiers exclude each other, as good models have it. */
function tiersOf(own: boolean): fc.Arbitrary<Tier[]> {
  const one = fc.record({
    application: fc.constantFrom(...APPLICATIONS),
    name: fc.constantFrom(...TIERS),
    podSelector: selectors,
    ports: namedPorts,
  });
  const marked = one.map((tier) =>
    own ? { ...tier, podSelector: withLabel(tier.podSelector, tierRef(tier).replace('/', '.')) } : tier,
  );
  return fc.uniqueArray(marked, { selector: tierRef, minLength: 1, maxLength: 6 });
}

function withLabel(selector: LabelSelector, tier: string): LabelSelector {
  return { ...selector, matchLabels: { ...selector.matchLabels, tier } };
}

function placementsOf(tiers: readonly Tier[]): fc.Arbitrary<Placement[]> {
  const applications = [...new Set(tiers.map((tier) => tier.application))];
  const one = (application: string): fc.Arbitrary<Placement[]> =>
    fc
      .tuple(
        fc.constantFrom(...NAMESPACES),
        fc.tuple(...tiers.filter((tier) => tier.application === application).map(overrideOf)),
        fc.nat(9),
      )
      .map(([namespace, overrides, dice]) =>
        dice === 0 ? [] : [{ environment: 'dev', application, namespace, tiers: overrides.flat() }],
      );
  return fc.tuple(...applications.map(one)).map((placements) => placements.flat());
}

function overrideOf({ name: tier }: Tier): fc.Arbitrary<TierPlacement[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<TierPlacement[]>([]) },
    {
      weight: 1,
      arbitrary: fc.record({ tier: fc.constant(tier), labels, ports: namedPorts }).map((override) => [override]),
    },
    { weight: 1, arbitrary: fc.record({ tier: fc.constant(tier), outside: blocks }).map((override) => [override]) },
  );
}

function flowsOf(tiers: readonly Tier[], peers: readonly Peer[]): fc.Arbitrary<Flow[]> {
  const ends: Endpoint[] = [
    ...tiers.map((tier) => ({ tier: tierRef(tier) })),
    ...peers.map((peer) => ({ peer: peer.name })),
  ];
  const one = fc.tuple(
    fc.constantFrom(...ends),
    fc.constantFrom(...ends),
    fc.array(portRanges, { minLength: 1, maxLength: 2 }),
    fc.constantFrom(...ENVIRONMENTS),
  );
  return fc.array(one, { maxLength: 14 }).map((items) =>
    items.map(([from, to, ranges, environments], index) => {
      const named = tiers.find((tier) => 'tier' in to && tierRef(tier) === to.tier)?.ports[index % 3];
      const ports: FlowPort[] = named === undefined ? ranges : [named.name, ...ranges.slice(1)];
      return { name: `flow-${index}`, from, to, ports, ...(environments === undefined ? {} : { environments }) };
    }),
  );
}

/** Snapshots of environment `dev`. With `own`, no pod can belong to two tiers. */
export function snapshots({ own }: { readonly own: boolean }): fc.Arbitrary<Snapshot> {
  return fc.tuple(profiles, tiersOf(own), peers).chain(([profile, tiers, somePeers]) =>
    fc.tuple(placementsOf(tiers), flowsOf(tiers, somePeers)).map(([placements, flows]) => ({
      revision: 1,
      environment: { name: 'dev', profile },
      teams: [],
      applications: [],
      tiers,
      peers: somePeers,
      placements,
      flows,
    })),
  );
}
