import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow, Placement } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { holdsIn, placedIn } from '../../../src/domain/promote/combine.js';
import { promote } from '../../../src/domain/promote/promote.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';

/** As one environment sees a model: its own placements, and the flows that hold there. */
function seenBy(model: Snapshot, environment: string, placements: readonly Placement[]): Snapshot {
  return {
    ...model,
    applications: [...new Set(model.tiers.map(({ application }) => application))].map((name) => ({ name, team: 't' })),
    environment: { ...model.environment, name: environment },
    placements: placements.map((placement) => ({ ...placement, environment })),
    flows: model.flows.filter((flow) => holdsIn(flow, environment)),
  };
}

const everywhere = (model: Snapshot): Snapshot => ({
  ...model,
  peers: model.peers.map((peer) =>
    peer.kind === 'cidr' ? { ...peer, blocks: peer.blocks.map(({ environments: _, ...block }) => block) } : peer,
  ),
});

/** The objects, as if they were in another environment. */
const objectsOf = (snapshot: Snapshot, environment: string): unknown =>
  JSON.parse(
    JSON.stringify(renderBundle(snapshot).policies).replaceAll(
      /"sluice\.dev\/environment":"[a-z]+"/g,
      `"sluice.dev/environment":"${environment}"`,
    ),
  );

/** Two estates of the same names: what was declared then, and what is now; some of its placements in either environment. */
const estates = fc
  .tuple(snapshots({ own: true }), snapshots({ own: true }), snapshots({ own: true }), fc.array(fc.boolean()))
  .map(([then, now, before, dice]) => {
    const some = (model: Snapshot) => model.placements.filter((_, index) => dice[index % (dice.length || 1)] ?? true);
    return {
      source: seenBy(then, 'dev', then.placements),
      target: seenBy(now, 'prod', now.placements),
      latest: seenBy(before, 'prod', some(before)),
    };
  });

describe('a promotion', () => {
  it('to an environment with the same placements and profile gives the same objects but for the name of the environment', () => {
    fc.assert(
      fc.property(snapshots({ own: true }).map(everywhere), (model) => {
        const both = { ...model, flows: model.flows.filter((flow) => holdsIn(flow, 'dev') && holdsIn(flow, 'prod')) };
        const source = seenBy(both, 'dev', both.placements);
        const { snapshot, problems } = promote({
          source,
          target: seenBy(both, 'prod', both.placements),
          latest: undefined,
        });
        if (problems.length === 0) expect(objectsOf(snapshot, 'prod')).toEqual(objectsOf(source, 'prod'));
        // what does not hold in the target does not hold in the source either
        const broken = renderBundle(source).findings.some(({ severity }) => severity === 'error');
        if (!broken) expect(problems).toEqual([]);
      }),
      runs(100, 'costly'),
    );
  });

  it('where the model is as both versions have it, gives what a publish gives', () => {
    fc.assert(
      fc.property(snapshots({ own: true }), fc.array(fc.boolean(), { minLength: 1 }), (model, dice) => {
        const some = model.placements.filter((_, index) => dice[index % dice.length]);
        for (const [here, there] of [
          [model.placements, some],
          [some, model.placements],
        ] as const) {
          const target = seenBy(model, 'prod', there);
          const { snapshot, problems } = promote({ source: seenBy(model, 'dev', here), target, latest: target });
          // with problems, too: they are about what a publish leaves out
          expect(renderBundle(snapshot).digest).toBe(renderBundle(target).digest);
          const known = new Set(['tier-not-placed', 'peer-without-addresses', 'flow-without-tier', 'selector-overlap']);
          const errors = renderBundle(target).findings.filter(({ severity }) => severity === 'error');
          const others = problems.filter(({ code }) => !known.has(code));
          if (errors.length === 0) expect(others).toEqual([]);
        }
      }),
      runs(100, 'costly'),
    );
  });

  it('never brings a flow that is not declared for the target, and never cuts one of its own', () => {
    fc.assert(
      fc.property(estates, ({ source, target, latest }) => {
        const { snapshot, findings } = promote({ source, target, latest });
        for (const flow of snapshot.flows) expect(holdsIn(flow, 'prod'), flow.name).toBe(true);
        const of = (flows: readonly Flow[]) => new Map(flows.map((flow) => [flow.name, flow]));
        const [now, promoted] = [of(snapshot.flows), of(source.flows)];
        for (const flow of latest.flows.filter((one) => !holdsIn(one, 'dev')))
          expect([flow, promoted.get(flow.name)], flow.name).toContainEqual(now.get(flow.name));
        const placed = placedIn(source);
        const reached = (flow: Flow) =>
          [flow.from, flow.to].every((end) => !('tier' in end) || placed.has(end.tier.split('/')[0]!));
        const left = source.flows
          .filter((flow) => reached(flow) && !holdsIn(flow, 'prod'))
          .map(({ name }) => `flow/${name}`);
        const named = findings.filter(({ code }) => code === 'flow-not-promoted').map(({ path }) => path);
        expect(named.sort()).toEqual(left.sort());
      }),
      runs(100, 'costly'),
    );
  });

  it('leaves alone what the source does not place', () => {
    fc.assert(
      fc.property(estates, ({ source, target, latest }) => {
        const { snapshot } = promote({ source, target, latest });
        const placed = placedIn(source);
        const apart = <T extends { application: string }>(list: readonly T[]): T[] =>
          list.filter(({ application }) => !placed.has(application));
        const inOrder = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort();
        expect(inOrder(apart(snapshot.tiers))).toEqual(inOrder(apart(latest.tiers)));
        expect(inOrder(apart(snapshot.placements))).toEqual(inOrder(apart(latest.placements)));
        expect(snapshot.environment).toEqual(target.environment);
      }),
      runs(67, 'costly'),
    );
  });
});
