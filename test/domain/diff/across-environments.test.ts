import { describe, expect, it } from 'vitest';
import { asIfIn } from '../../../src/domain/diff/across-environments.js';
import { diffFlows } from '../../../src/domain/diff/flows.js';
import { diffObjects } from '../../../src/domain/diff/objects.js';
import { DEFAULT_PROFILE, type TierPlacement } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';

function shopIn(environment: string, namespace: string, tiers: TierPlacement[] = []): Snapshot {
  const port = { name: 'db', protocol: 'TCP' as const, port: 5432 };
  return {
    revision: 1,
    environment: { name: environment, profile: DEFAULT_PROFILE },
    teams: [{ name: 'demo' }],
    applications: [{ name: 'shop', team: 'demo' }],
    tiers: [
      { application: 'shop', name: 'web', podSelector: { matchLabels: { app: 'web' } }, ports: [] },
      { application: 'shop', name: 'db', podSelector: { matchLabels: { app: 'db' } }, ports: [port] },
    ],
    peers: [
      {
        name: 'office',
        kind: 'cidr',
        blocks: [
          { cidr: '192.0.2.0/25', environments: ['dev'] },
          { cidr: '192.0.2.0/25', environments: ['prod'] },
        ],
      },
    ],
    placements: [{ environment, application: 'shop', namespace, tiers }],
    flows: [
      {
        name: 'web-to-db',
        from: { tier: 'shop/web' },
        to: { tier: 'shop/db' },
        ports: ['db'],
        environments: ['dev', 'prod'],
      },
      { name: 'office-to-db', from: { peer: 'office' }, to: { tier: 'shop/db' }, ports: ['db'] },
    ],
  };
}

function diff(before: Snapshot, after: Snapshot) {
  const moved = asIfIn(before, after);
  return {
    objects: diffObjects(renderBundle(moved).policies, renderBundle(after).policies),
    flows: diffFlows(moved, after),
  };
}

describe('a diff of two environments', () => {
  it('is empty where only names and namespaces differ', () => {
    expect(diff(shopIn('dev', 'shop-dev'), shopIn('prod', 'shop-prod'))).toEqual({ objects: [], flows: [] });
  });

  it('tells that a database is outside the cluster in one of them, and nothing else', () => {
    const outside = [{ tier: 'db', outside: [{ cidr: '10.9.0.0/28' }] }];
    const { objects, flows } = diff(shopIn('dev', 'shop-dev'), shopIn('prod', 'shop-prod', outside));
    expect(flows.map(({ kind, flow }) => `${kind} ${flow}`)).toEqual([
      'flow-removed office-to-db',
      'flow-destination-changed web-to-db',
    ]);
    expect(objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'removed allow-db-egress',
      'removed allow-db-ingress',
      'changed allow-web-egress',
    ]);
  });
});
