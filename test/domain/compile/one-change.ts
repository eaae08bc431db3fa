import { generateEstate } from '../../../bench/estate.js';
import { tierRef, type Flow, type Profile, type Tier } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

/** Large enough that a change of one thing leaves most namespaces as they are. */
export const ESTATE = generateEstate({ services: 90, flows: 400, seed: 3 });

const first = <T>(items: readonly T[], change: (item: T) => T): T[] =>
  items.map((item, index) => (index === 0 ? change(item) : item));
const between = ({ from, to }: Flow): boolean => 'tier' in from && 'tier' in to;
const ONE_FLOW = ESTATE.flows.find(between);
const flow = (change: (flow: Flow) => Flow): Snapshot => ({
  ...ESTATE,
  flows: ESTATE.flows.map((one) => (one === ONE_FLOW ? change(one) : one)),
});
const namespaceOf = (ref: string): string =>
  ESTATE.placements.find(({ application }) => application === ref.split('/')[0])?.namespace ?? '';
const isWithin = ({ from, to }: Flow): boolean =>
  'tier' in from && 'tier' in to && namespaceOf(from.tier) === namespaceOf(to.tier);
const isAt = ({ from, to }: Flow, one: Tier): boolean =>
  [from, to].some((end) => 'tier' in end && end.tier === tierRef(one));
/** None of its namespace names it: there, only its own objects change with it. */
const LONELY = ESTATE.tiers.find((one) => !ESTATE.flows.some((flow) => isWithin(flow) && isAt(flow, one)));
const tier = (change: (tier: Tier) => Tier): Snapshot => ({
  ...ESTATE,
  tiers: ESTATE.tiers.map((one) => (one === LONELY ? change(one) : one)),
});
const profile = (changed: Partial<Profile>): Snapshot => ({
  ...ESTATE,
  environment: { ...ESTATE.environment, profile: { ...ESTATE.environment.profile, ...changed } },
});
const placed = (changed: object): Snapshot => ({
  ...ESTATE,
  placements: first(ESTATE.placements, (placement) => ({ ...placement, ...changed })),
});
const PORT = { protocol: 'TCP' as const, port: 7777 };
const NAME = 'service-00000';

/** The estate with one thing changed, in each kind of thing; each of them makes other bytes, and what the estate has is wrong for it. */
export const ONE_CHANGE: readonly (readonly [what: string, after: Snapshot])[] = [
  ['the port of a flow', flow((one) => ({ ...one, ports: [PORT] }))],
  ['the source of a flow', flow((one) => ({ ...one, from: { tier: 'app-00003/service-00017' } }))],
  ['a flow is gone', { ...ESTATE, flows: ESTATE.flows.filter((one) => one !== ONE_FLOW) }],
  ['the selector of a tier', tier((one) => ({ ...one, podSelector: { matchLabels: { app: 'other' } } }))],
  ['the number of a port', tier((one) => ({ ...one, ports: one.ports.map((port) => ({ ...port, port: 8081 })) }))],
  ['a tier is gone', { ...ESTATE, tiers: ESTATE.tiers.slice(1) }],
  ['the namespace of an application', placed({ namespace: 'elsewhere' })],
  ['the labels of a tier where it is placed', placed({ tiers: [{ tier: NAME, labels: { app: 'other' } }] })],
  ['a tier is outside', placed({ tiers: [{ tier: NAME, outside: [{ cidr: '198.51.100.0/24' }] }] })],
  ['the default deny', profile({ defaultDeny: false })],
  ['DNS', profile({ dns: null })],
  ['monitoring', profile({ monitoring: { namespaceSelector: {}, podSelector: {}, portNames: ['http'] } })],
  [
    'what the internet is',
    { ...ESTATE, peers: ESTATE.peers.map((peer) => (peer.kind === 'internet' ? { ...peer, except: [] } : peer)) },
  ],
];

/** The estate in an environment of another name. */
export const RENAMED: Snapshot = {
  ...ESTATE,
  environment: { ...ESTATE.environment, name: 'stage' },
  placements: ESTATE.placements.map((placement) => ({ ...placement, environment: 'stage' })),
};
