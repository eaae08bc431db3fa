import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE, type Flow, type TierPlacement } from '../../../src/domain/model/entities.js';
import { originText } from '../../../src/domain/model/origin.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { promote } from '../../../src/domain/promote/promote.js';

const api = { name: 'api', protocol: 'TCP' as const, port: 3000 };

/** A shop of two tiers that the office reaches, in an environment. */
function shopIn(environment: string, more: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 7,
    environment: { name: environment, profile: DEFAULT_PROFILE },
    teams: [{ name: 'demo' }],
    applications: [{ name: 'shop', team: 'demo' }],
    tiers: [
      { application: 'shop', name: 'web', podSelector: { matchLabels: { app: 'web' } }, ports: [api] },
      { application: 'shop', name: 'db', podSelector: { matchLabels: { app: 'db' } }, ports: [api] },
    ],
    peers: [{ name: 'office', kind: 'cidr', blocks: [{ cidr: '192.0.2.0/24' }] }],
    placements: [placement(environment)],
    flows: [flow('office-to-web', { peer: 'office' }, 'web'), flow('web-to-db', { tier: 'shop/web' }, 'db')],
    ...more,
  };
}

function placement(environment: string, tiers: TierPlacement[] = []) {
  return { environment, application: 'shop', namespace: `shop-${environment}`, tiers };
}

function flow(name: string, from: Flow['from'], to: string, environments?: string[]): Flow {
  return { name, from, to: { tier: `shop/${to}` }, ports: ['api'], ...(environments && { environments }) };
}

const names = ({ flows }: Snapshot): string[] => flows.map(({ name }) => name);
const codes = (problems: readonly { pointer: string; code: string }[]): string[] =>
  problems.map(({ pointer, code }) => `${pointer} ${code}`);

describe('a promotion', () => {
  it('takes the blocks of a cidr peer from the model, as it is in the target now', () => {
    const blocks = [{ cidr: '198.51.100.0/24', environments: ['prod'] }];
    const target = shopIn('prod', { peers: [{ name: 'office', kind: 'cidr', blocks }] });
    const { snapshot, problems } = promote({ source: shopIn('dev'), target, latest: undefined });
    expect([snapshot.peers, problems]).toEqual([[{ name: 'office', kind: 'cidr', blocks }], []]);
    for (const peers of [[], [{ name: 'office', kind: 'anywhere' as const }]]) {
      const without = promote({ source: shopIn('dev'), target: shopIn('prod', { peers }), latest: undefined });
      expect(codes(without.problems)).toEqual(['#/peer/office peer-without-addresses']);
    }
  });

  it('keeps the peers of flows that stay as the latest version has them', () => {
    const own = flow('partner-to-web', { peer: 'partner' }, 'web', ['prod']);
    const partner = { name: 'partner', kind: 'cidr' as const, blocks: [{ cidr: '203.0.113.0/24' }] };
    const latest = shopIn('prod', { flows: [own], peers: [partner] });
    const { snapshot, problems } = promote({ source: shopIn('dev'), target: shopIn('prod'), latest });
    expect(names(snapshot)).toEqual(['office-to-web', 'partner-to-web', 'web-to-db']);
    expect(snapshot.peers.map(({ name }) => name)).toEqual(['office', 'partner']);
    expect(snapshot.peers[1]).toEqual(partner);
    expect(problems).toEqual([]);
  });

  it('keeps a flow that was narrowed to the target since, and cuts one that the source had no more', () => {
    const [narrowed, dropped] = ['narrowed', 'dropped'].map((name) => flow(name, { peer: 'office' }, 'db')) as [
      Flow,
      Flow,
    ];
    const latest = shopIn('prod', { flows: [narrowed, dropped] });
    const target = shopIn('prod', { flows: [{ ...narrowed, environments: ['prod'] }] });
    const { snapshot } = promote({ source: shopIn('dev'), target, latest });
    expect(names(snapshot)).toEqual(['narrowed', 'office-to-web', 'web-to-db']);
  });

  it('is of the revision of its source', () => {
    const target = shopIn('prod', { revision: 99 });
    expect(promote({ source: shopIn('dev'), target, latest: undefined }).snapshot.revision).toBe(7);
  });

  it('refuses a flow that stays and names a port which its tier did not have then', () => {
    const own = { ...flow('admin', { peer: 'office' }, 'web', ['prod']), ports: ['admin'] };
    const latest = shopIn('prod', { flows: [own] });
    const { problems } = promote({ source: shopIn('dev'), target: shopIn('prod'), latest });
    expect(codes(problems)).toContain('#/flow/admin flow-port-unknown');
  });

  it('refuses tiers that are both outside there', () => {
    const outside = [{ cidr: '10.0.0.0/28' }];
    const tiers = ['web', 'db'].map((tier) => ({ tier, outside }));
    const target = shopIn('prod', { placements: [placement('prod', tiers)] });
    const { problems } = promote({ source: shopIn('dev'), target, latest: undefined });
    expect(problems.map(({ detail }) => detail)).toEqual([
      'neither end runs as pods of a tier in environment "prod": flow "office-to-web" needs it',
      'neither end runs as pods of a tier in environment "prod": flow "web-to-db" needs it',
    ]);
  });

  it('refuses tiers of then that would share their pods with placements of now', () => {
    const target = shopIn('prod', { placements: [placement('prod', [{ tier: 'db', labels: { app: 'web' } }])] });
    const { problems } = promote({ source: shopIn('dev'), target, latest: undefined });
    expect(codes(problems)).toEqual(['#/tier/shop/db selector-overlap', '#/tier/shop/web selector-overlap']);
  });

  it('names an application of the target that no version of it has', () => {
    const audit = { name: 'audit', team: 'demo' };
    const places = [placement('prod'), { ...placement('prod'), application: 'audit' }];
    const target = shopIn('prod', { applications: [audit], placements: places });
    const { snapshot, findings } = promote({ source: shopIn('dev'), target, latest: undefined });
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'application-not-published application/audit',
    ]);
    expect(snapshot.placements).toEqual([placement('prod')]);
  });
});

it('an origin says what it is', () => {
  expect(originText({ kind: 'model' })).toBe('model');
  expect(originText({ kind: 'promotion', environment: 'staging', version: 7 })).toBe('promotion of staging/7');
  expect(originText({ kind: 'rollback', version: 3 })).toBe('rollback to 3');
});
