import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TierOfPods } from '../../../../src/domain/compile/compiled.js';
import { placeTiers } from '../../../../src/domain/compile/place-tiers.js';
import { changeOf } from '../../../../src/domain/diff/change/change-of.js';
import { diffConnections } from '../../../../src/domain/diff/connections.js';
import { formatPortSet, portSetOf } from '../../../../src/domain/evaluate/port-set.js';
import { matches } from '../../../../src/domain/evaluate/selector.js';
import type { WorldInput } from '../../../../src/domain/evaluate/world.js';
import { endName, tierRef, type Endpoint, type Tier } from '../../../../src/domain/model/entities.js';
import type { Labels } from '../../../../src/domain/model/labels.js';
import type { Snapshot } from '../../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../../src/domain/render/bundle.js';
import { runs } from '../../../support/runs.js';
import { CLUSTER } from '../../compile/declared.js';
import { changes } from './random-change.js';

/**
 * Only flows between tiers, as what peers and the profile open to pods of tiers is no connection of a pair of tiers: a flow of a peer
 * becomes one of a tier, the same in both snapshots.
 */
function tiersOnly(snapshot: Snapshot, tiers: readonly Tier[]): Snapshot {
  const { environment } = snapshot;
  const tierFor = (end: Endpoint, number: number): Endpoint => {
    const tier = tiers[number % tiers.length];
    return 'tier' in end || tier === undefined ? end : { tier: tierRef(tier) };
  };
  return {
    ...snapshot,
    environment: { ...environment, profile: { ...environment.profile, dns: null, monitoring: null } },
    peers: [],
    flows: snapshot.flows.map(({ environments: _, ...flow }) => {
      const number = Number(flow.name.replace('flow-', ''));
      return { ...flow, from: tierFor(flow.from, number), to: tierFor(flow.to, number + 1) };
    }),
  };
}

/** The labels of a pod that the selector matches, tried out. */
function examplePod({ podSelector }: TierOfPods): Labels | undefined {
  const own = podSelector.matchLabels ?? {};
  const values = [undefined, 'x', 'y', 'z', '', 'q'];
  const candidates = values.flatMap((app) =>
    values.flatMap((track) =>
      values.map((constructor) => ({
        ...(app === undefined ? {} : { app }),
        ...(track === undefined ? {} : { track }),
        ...(constructor === undefined ? {} : { constructor }),
        ...own,
      })),
    ),
  );
  return candidates.find((labels) => matches(podSelector, labels));
}

function podsOf(snapshot: Snapshot): ReadonlyMap<string, WorldInput['workloads'][number]> {
  const tiers = [...placeTiers(snapshot).tiers.values()].filter((tier) => tier.kind === 'pods');
  return new Map(
    tiers.flatMap((tier) => {
      const labels = examplePod(tier);
      const name = tier.ref.replace('/', '.');
      return labels === undefined
        ? []
        : [[tier.ref, { namespace: tier.namespace, name, kind: 'Pod', labels }] as const];
    }),
  );
}

/** Every changed pair of tiers that are pods with the same name and namespace on both sides: `from to before => after`. */
function evaluated(before: Snapshot, after: Snapshot, shared: readonly string[]): string[] {
  const inputOf = (snapshot: Snapshot): WorldInput => ({
    namespaces: CLUSTER,
    workloads: [...podsOf(snapshot)].filter(([ref]) => shared.includes(ref)).map(([, pod]) => pod),
    policies: renderBundle(snapshot).policies,
  });
  const refOf = (pod: string): string => pod.replace(/^.*\/(.*)\[Pod\]$/, '$1').replace('.', '/');
  return diffConnections(inputOf(before), inputOf(after), { ipBlockMatchesPods: false })
    .filter(({ src, dst }) => !`${src}${dst}`.includes('[External]'))
    .map((one) => `${refOf(one.src)} ${refOf(one.dst)} ${one.before} => ${one.after}`)
    .sort();
}

function declared(before: Snapshot, after: Snapshot, shared: readonly string[]): string[] {
  const text = (ports: Parameters<typeof portSetOf>[0]): string => formatPortSet(portSetOf(ports));
  return changeOf(before, after)
    .connections.filter(({ from, to }) => [from, to].every((end) => shared.includes(endName(end))))
    .filter(({ from, to }) => endName(from) !== endName(to))
    .filter(({ gained, lost }) => gained.length + lost.length > 0)
    .map((one) => `${endName(one.from)} ${endName(one.to)} ${text(one.before.ports)} => ${text(one.after.ports)}`)
    .sort();
}

test('between tiers, what changes is what the evaluator finds changed in the rendered objects', () => {
  let compared = 0;
  const check = ([one, other]: readonly [Snapshot, Snapshot]): void => {
    const [before, after] = [tiersOnly(one, one.tiers), tiersOnly(other, one.tiers)];
    const [was, is] = [podsOf(before), podsOf(after)];
    const shared = [...was].filter(([ref, pod]) => is.get(ref)?.namespace === pod.namespace).map(([ref]) => ref);
    const found = declared(before, after, shared);
    expect(found).toEqual(evaluated(before, after, shared));
    compared += found.length;
  };
  fc.assert(fc.property(changes({ own: true }), check), runs(150));
  expect(compared).toBeGreaterThan(3);
});
