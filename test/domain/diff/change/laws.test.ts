import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../../src/domain/compile/compile.js';
import { changeOf } from '../../../../src/domain/diff/change/change-of.js';
import type { Change, ChangedConnection, Declared, Isolated } from '../../../../src/domain/diff/change/change.js';
import { listed } from '../../../../src/domain/diff/change/listed.js';
import { diffFlows } from '../../../../src/domain/diff/flows.js';
import { endName } from '../../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../../src/domain/model/snapshot.js';
import { changeOfConnectionsSchema } from '../../../../src/schema/change-of-connections.js';
import { runs } from '../../../support/runs.js';
import { snapshots } from '../../compile/random-snapshot.js';
import { changes } from './random-change.js';
import { everyPort, slowConnections, slowIsolated } from './slow-change.js';

type Pair = readonly [before: Snapshot, after: Snapshot];
const either = fc.boolean().chain((own) => changes({ own }));
const keyOf = ({ from, to }: ChangedConnection): string => `${endName(from)} ${endName(to)}`;
const tierLines = ({ tiers }: Isolated): string[] =>
  tiers.flatMap(({ tier, namespace, directions }) =>
    directions.map((direction) => `${tier} in ${namespace} ${direction}`),
  );

/** The same seen from the other end of the way. `reason` tells the way itself. */
function turned(change: Change): Change {
  const kinds = { added: 'removed', removed: 'added', changed: 'changed' } as const;
  const risks = { widens: 'narrows', narrows: 'widens', both: 'both' } as const;
  const counts = <T extends { widens: number; narrows: number }>(one: T): T => ({
    ...one,
    widens: one.narrows,
    narrows: one.widens,
  });
  const { summary } = change;
  return {
    connections: change.connections.map(({ kind, before, after, gained, lost, risk, ...rest }) => ({
      ...rest,
      ...{ kind: kinds[kind], before: after, after: before, gained: lost, lost: gained, risk: risks[risk] },
    })),
    profile: change.profile.map(({ fact, before, after, risk }) => ({
      ...{ fact, before: after, after: before, risk: risks[risk] },
    })),
    newlyIsolated: change.noLongerIsolated,
    noLongerIsolated: change.newlyIsolated,
    summary: {
      connections: counts(summary.connections),
      byApplication: summary.byApplication.map(counts),
      byTeam: summary.byTeam.map(counts),
      newlyIsolatedTiers: summary.noLongerIsolatedTiers,
      noLongerIsolatedTiers: summary.newlyIsolatedTiers,
    },
  };
}

const withoutReasons = (change: Change): Change => ({
  ...change,
  connections: change.connections.map(({ reason: _, ...rest }) => rest),
});

describe('a change in connections', () => {
  test('of a snapshot with itself is empty, also read anew and in another order', () => {
    const nothing = { tiers: [], namespaces: [] };
    const check = (snapshot: Snapshot): void => {
      const copy = structuredClone(snapshot);
      const other = { ...copy, tiers: [...copy.tiers].reverse(), flows: [...copy.flows].reverse() };
      for (const after of [snapshot, copy, other, { ...snapshot, environment: { ...snapshot.environment } }]) {
        const { connections, profile, newlyIsolated, noLongerIsolated } = changeOf(snapshot, after);
        expect({ connections, profile }).toEqual({ connections: [], profile: [] });
        expect([newlyIsolated, noLongerIsolated]).toEqual([nothing, nothing]);
      }
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(33, 'costly'));
  });

  test('turned around is its mirror', () => {
    const check = ([before, after]: Pair): void => {
      expect(withoutReasons(changeOf(after, before))).toEqual(turned(withoutReasons(changeOf(before, after))));
    };
    fc.assert(fc.property(either, check), runs(83, 'costly'));
  });

  test('is what comparing all pairs of ends in full gives', () => {
    const check = ([before, after]: Pair): void => {
      const found = changeOf(before, after).connections.map(
        (one) =>
          [keyOf(one), { gained: everyPort(one.gained), lost: everyPort(one.lost), risk: one.risk as string }] as const,
      );
      expect(new Map(found)).toEqual(slowConnections(before, after));
    };
    fc.assert(fc.property(either, check), runs(50, 'costly'));
  });

  test('touches only pairs of which a rendered flow differs', () => {
    const check = ([before, after]: Pair): void => {
      const flows = new Set(diffFlows(before, after).map(({ flow }) => flow));
      for (const one of changeOf(before, after).connections)
        expect([...one.before.flows, ...one.after.flows].some((flow) => flows.has(flow))).toBe(true);
    };
    fc.assert(fc.property(either, check), runs(50, 'costly'));
  });

  test('names the objects as they are rendered', () => {
    const holders = (snapshot: Snapshot): ((declared: Declared) => string[]) => {
      const { policies } = compile(snapshot);
      return ({ flows: [flow] }) =>
        policies.flatMap((policy) =>
          policy.kind === 'tier' && flow !== undefined && policy.flows.includes(flow)
            ? [`${policy.namespace}/${policy.name}`]
            : [],
        );
    };
    const check = ([before, after]: Pair): void => {
      const [was, is] = [holders(before), holders(after)];
      for (const one of changeOf(before, after).connections) {
        expect([...one.before.policies].sort()).toEqual(was(one.before).sort());
        expect([...one.after.policies].sort()).toEqual(is(one.after).sort());
      }
    };
    fc.assert(fc.property(either, check), runs(50, 'costly'));
  });

  test('tells what is isolated on one side only, as the objects of both sides in full do', () => {
    const check = ([before, after]: Pair): void => {
      const { newlyIsolated, noLongerIsolated } = changeOf(before, after);
      expect(tierLines(newlyIsolated).sort()).toEqual(slowIsolated(after, before).sort());
      expect(tierLines(noLongerIsolated).sort()).toEqual(slowIsolated(before, after).sort());
      const denied = (snapshot: Snapshot): string[] =>
        compile(snapshot).policies.flatMap(({ kind, namespace }) => (kind === 'default-deny' ? [namespace] : []));
      const was = denied(before);
      expect(newlyIsolated.namespaces).toEqual(denied(after).filter((namespace) => !was.includes(namespace)));
      for (const { policies } of newlyIsolated.tiers)
        expect(names(after)).toEqual(expect.arrayContaining([...policies]));
    };
    fc.assert(fc.property(either, check), runs(83, 'costly'));
  });

  test('is told whole by the schema of the API', () => {
    const check = ([before, after]: Pair): void => {
      const change = listed(changeOf(before, after));
      expect(changeOfConnectionsSchema.parse(change)).toEqual(change);
    };
    fc.assert(fc.property(either, check), runs(17, 'costly'));
  });

  test('is cut where it is listed, and says so', () => {
    const check = ([before, after]: Pair): void => {
      const change = changeOf(before, after);
      const { connections, newlyIsolated, summary, complete } = listed(change, 1);
      expect(connections).toEqual(change.connections.slice(0, 1));
      expect(newlyIsolated.tiers).toEqual(change.newlyIsolated.tiers.slice(0, 1));
      expect(summary).toEqual(change.summary);
      const { tiers, namespaces } = change.noLongerIsolated;
      const longest = Math.max(change.connections.length, change.newlyIsolated.tiers.length, tiers.length);
      expect(complete).toBe(Math.max(longest, namespaces.length, change.newlyIsolated.namespaces.length) <= 1);
    };
    fc.assert(fc.property(either, check), runs(17, 'costly'));
  });

  test('from nothing is all that is declared', () => {
    const check = (snapshot: Snapshot): void => {
      const { connections } = changeOf(undefined, snapshot);
      const all = slowConnections({ ...snapshot, flows: [] }, snapshot);
      expect(connections.map(keyOf)).toEqual([...all.keys()]);
      expect(connections.every(({ kind, risk }) => kind === 'added' && risk === 'widens')).toBe(true);
    };
    fc.assert(fc.property(snapshots({ own: false }), check), runs(17, 'costly'));
  });
});

function names(snapshot: Snapshot): string[] {
  return compile(snapshot).policies.map(({ namespace, name }) => `${namespace}/${name}`);
}
