import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { EditionContents } from '../../src/domain/render/contents.js';
import type { Flow, Peer, Placement, Tier } from '../../src/domain/model/entities.js';
import type { NamedPort } from '../../src/domain/model/ports.js';
import type { Snapshot } from '../../src/domain/model/snapshot.js';
import { assembleAfter, assembleSnapshot, type KnownRows } from '../../src/store/snapshot.rows.js';
import { type Making, type Predecessor, renderAfter, renderEdition } from '../../src/work/render-edition.js';
import { changes } from '../domain/diff/change/random-change.js';
import { runs } from '../support/runs.js';

/** The rows of a snapshot, as the database gives them. */
function rowsOf({ revision, environment, teams, applications, tiers, peers, placements, flows }: Snapshot): string {
  const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  return [
    JSON.stringify({ revision, environment }),
    ...[lines(teams), lines(applications), lines(tiers.map(tierRow)), lines(peers.map(peerRow))],
    ...[lines(placements.map(placementRow)), lines(flows.map(flowRow))],
  ].join('\n\n');
}

const portRow = ({ endPort, ...port }: NamedPort) => ({ ...port, end_port: endPort });
const tierRow = ({ podSelector, ports, ...tier }: Tier) => ({
  ...{ ...tier, pod_selector: podSelector, ports: ports.map(portRow) },
});
const peerRow = (peer: Peer): object =>
  peer.kind === 'pods'
    ? { ...peer, namespace_selector: peer.namespaceSelector, pod_selector: peer.podSelector }
    : { ...peer };
const placementRow = ({ tiers, ...placement }: Placement) => ({
  ...placement,
  tiers: tiers.map(({ ports, ...tier }) => ({ ...tier, ports: ports?.map(portRow) })),
});
const endRow = (side: 'from' | 'to', end: Flow['from']): object => {
  if ('peer' in end) return { [`${side}_peer`]: end.peer };
  const [application, tier] = end.tier.split('/');
  return { [`${side}_application`]: application, [`${side}_tier`]: tier };
};
const flowRow = ({ name, from, to, ports, environments }: Flow) => ({
  ...{ name, ...endRow('from', from), ...endRow('to', to), everywhere: environments === undefined, environments },
  ports: ports.map((port) =>
    typeof port === 'string'
      ? { port_name: port }
      : { protocol: port.protocol, port: port.port, end_port: port.endPort },
  ),
});

const series = fc
  .boolean()
  .chain((own) => changes({ own }))
  .map(([before, after]) => [before, after, { ...after, revision: 3 }, { ...after, flows: before.flows }, before]);

/** A version as it is stored. */
function stored(digest: string, snapshot: Snapshot, { yaml, tar, snapshot: json }: EditionContents): Predecessor {
  const deflated = deflateRawSync(JSON.stringify(snapshot), { finishFlush: 3 });
  return {
    digest,
    snapshot: { kind: 'deflated', json: deflated },
    pieces: [yaml, tar, json].flatMap(({ pieces }) => pieces),
  };
}

test('a publish that goes on from the last one is what it is from scratch', () => {
  const check = (snapshots: readonly Snapshot[]): void => {
    let earlier: Making | undefined;
    let predecessor: Predecessor | undefined;
    for (const one of snapshots) {
      const order = { snapshot: rowsOf(one), purpose: 'publish' as const };
      const written = earlier?.written;
      const known = written && predecessor && { ...predecessor, snapshot: { kind: 'read' as const, ...written } };
      const { edition, making } = renderAfter({ ...order, predecessor: known ?? predecessor }, earlier);
      expect(edition).toEqual(renderEdition({ ...order, predecessor }));
      earlier = making;
      if (edition.contents !== undefined)
        predecessor = stored(edition.digest, assembleSnapshot(order.snapshot), edition.contents);
    }
  };
  fc.assert(fc.property(series, check), runs(15));
});

test('rows that were read before are the same things, and all others are read', () => {
  const check = (snapshots: readonly Snapshot[]): void => {
    let earlier: KnownRows | undefined;
    for (const one of snapshots) {
      const { snapshot, rows } = assembleAfter(rowsOf(one), earlier);
      expect(snapshot).toEqual(assembleSnapshot(rowsOf(one)));
      expect(
        assembleAfter(rowsOf(one), rows).snapshot.flows.every((flow, index) => flow === snapshot.flows[index]),
      ).toBe(true);
      earlier = rows;
    }
  };
  fc.assert(fc.property(series, check), runs(30));
});
