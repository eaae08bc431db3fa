import fc from 'fast-check';
import type { Peer, Placement, Tier } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { NAMESPACES, snapshots } from '../compile/random-snapshot.js';
import { changes } from '../diff/change/random-change.js';

/** Two versions of an environment. */
export type Versions = readonly [Snapshot, Snapshot];

type Mutation = (snapshot: Snapshot, die: number) => Snapshot;

/** What people do to a model from one version to the next. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a flow goes': (snapshot, die) => ({ ...snapshot, flows: without(snapshot.flows, die) }),
  'a flow turns round': (snapshot, die) => ({
    ...snapshot,
    flows: at(snapshot.flows, die, (flow) => ({ ...flow, from: flow.to, to: flow.from })),
  }),
  'a tier is renamed': (snapshot, die) => {
    const tier = snapshot.tiers[die % snapshot.tiers.length];
    if (
      tier === undefined ||
      snapshot.tiers.some(({ application, name }) => application === tier.application && name === 'new')
    )
      return snapshot;
    const [old, now] = [`${tier.application}/${tier.name}`, `${tier.application}/new`];
    return JSON.parse(
      JSON.stringify({ ...snapshot, tiers: at(snapshot.tiers, die, (one) => ({ ...one, name: 'new' })) }).replaceAll(
        `"tier":"${old}"`,
        `"tier":"${now}"`,
      ),
    ) as Snapshot;
  },
  'a tier gets other labels': (snapshot, die) => ({
    ...snapshot,
    tiers: at(snapshot.tiers, die, (tier) => ({
      ...tier,
      podSelector: { ...tier.podSelector, matchLabels: { ...tier.podSelector.matchLabels, app: 'x' } },
    })),
  }),
  'two tiers swap their labels': (snapshot, die) => {
    const [one, other] = [die % snapshot.tiers.length, (die + 1) % snapshot.tiers.length];
    const selectors = snapshot.tiers.map(({ podSelector }) => podSelector);
    const swapped = (place: number): number => (place === one ? other : place === other ? one : place);
    return {
      ...snapshot,
      tiers: snapshot.tiers.map((tier, place) => ({ ...tier, podSelector: selectors[swapped(place)] ?? {} }) as Tier),
    };
  },
  'all tiers pass their labels on': (snapshot) => ({
    ...snapshot,
    tiers: snapshot.tiers.map((tier, place, all) => ({
      ...tier,
      podSelector: all[(place + 1) % all.length]?.podSelector ?? {},
    })),
  }),
  'an application moves': (snapshot, die) => ({
    ...snapshot,
    placements: at(snapshot.placements, die, (placement) => ({
      ...placement,
      namespace: NAMESPACES[(NAMESPACES.indexOf(placement.namespace) + 1) % NAMESPACES.length] ?? 'one',
    })),
  }),
  'an application goes': (snapshot, die) => ({ ...snapshot, placements: without(snapshot.placements, die) }),
  'a tier is placed outside': (snapshot, die) => ({
    ...snapshot,
    placements: at(snapshot.placements, die, (placement) => outside(placement, snapshot.tiers)),
  }),
  'the default deny is switched': (snapshot) =>
    withProfile(snapshot, { defaultDeny: !snapshot.environment.profile.defaultDeny }),
  'DNS is switched off': (snapshot) => withProfile(snapshot, { dns: null }),
  'nothing is watched': (snapshot) => withProfile(snapshot, { monitoring: null }),
  'a peer is another one': (snapshot, die) => ({
    ...snapshot,
    peers: at(snapshot.peers, die, ({ name }): Peer => ({ name, kind: 'anywhere' })),
  }),
};

function at<T>(items: readonly T[], die: number, change: (item: T) => T): T[] {
  return items.map((item, place) => (place === die % items.length ? change(item) : item));
}

function without<T>(items: readonly T[], die: number): T[] {
  return items.filter((_, place) => place !== die % items.length);
}

function outside(placement: Placement, tiers: readonly Tier[]): Placement {
  const tier = tiers.find(({ application }) => application === placement.application);
  if (tier === undefined) return placement;
  const others = placement.tiers.filter((own) => own.tier !== tier.name);
  return { ...placement, tiers: [...others, { tier: tier.name, outside: [{ cidr: '203.0.113.7/32' }] }] };
}

function withProfile(snapshot: Snapshot, facts: Partial<Snapshot['environment']['profile']>): Snapshot {
  const { environment } = snapshot;
  return { ...snapshot, environment: { ...environment, profile: { ...environment.profile, ...facts } } };
}

const mutations = fc.array(fc.tuple(fc.constantFrom(...Object.keys(MUTATIONS)), fc.nat(20)), {
  minLength: 1,
  maxLength: 4,
});

/** Versions that are near each other, either way round; versions with half in common; and versions that have nothing to do with each other. */
export function versions({ own }: { readonly own: boolean }): fc.Arbitrary<Versions> {
  const near = fc.tuple(snapshots({ own }), mutations, fc.boolean()).map(([start, list, turned]): Versions => {
    const end = list.reduce((snapshot, [name, die]) => MUTATIONS[name]?.(snapshot, die) ?? snapshot, start);
    return turned ? [end, start] : [start, end];
  });
  return fc.oneof(
    { weight: 4, arbitrary: near },
    { weight: 2, arbitrary: changes({ own }) },
    { weight: 1, arbitrary: fc.tuple(snapshots({ own }), snapshots({ own })) },
  );
}
