import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flow } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { snapshotPieces } from '../../../src/domain/model/snapshot-pieces.js';
import { runs } from '../../support/runs.js';
import { snapshots } from '../compile/random-snapshot.js';

const flow = (number: number, port = 80): Flow => ({
  name: `flow-${String(number).padStart(4, '0')}`,
  from: { tier: 'shop/frontend' },
  to: { tier: 'shop/backend' },
  ports: [{ protocol: 'TCP', port }],
});
const estate = (flows: readonly Flow[]): Snapshot => ({
  revision: 7,
  environment: { name: 'prod', profile: {} as Snapshot['environment']['profile'] },
  ...{ teams: [], applications: [], tiers: [], peers: [], placements: [] },
  flows,
});
const many = Array.from({ length: 1000 }, (_, number) => flow(number));

describe('snapshotPieces', () => {
  test('put together are the JSON of the snapshot', () => {
    const check = (snapshot: Snapshot): void => {
      expect(snapshotPieces(snapshot).join('')).toBe(JSON.stringify(snapshot));
    };
    fc.assert(fc.property(snapshots({ own: true }), check), runs(100));
    expect(snapshotPieces(estate(many)).join('')).toBe(JSON.stringify(estate(many)));
  });

  test.each<[situation: string, after: Flow[]]>([
    ['a changed flow', many.map((each, at) => (at === 500 ? flow(500, 81) : each))],
    ['a flow more', [...many.slice(0, 500), flow(4999), ...many.slice(500)]],
    ['a flow less', many.filter((_, at) => at !== 500)],
  ])('%s makes at most two new pieces of dozens', (_, after) => {
    const before = new Set(snapshotPieces(estate(many)));
    const pieces = snapshotPieces(estate(after));
    expect(pieces.length).toBeGreaterThan(15);
    expect(pieces.filter((piece) => !before.has(piece)).length).toBeLessThanOrEqual(2);
  });
});
