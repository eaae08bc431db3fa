import { describe, expect, test } from 'vitest';
import { asIfIn } from '../../../../src/domain/diff/across-environments.js';
import { changeOf } from '../../../../src/domain/diff/change/change-of.js';
import { writeChange } from '../../../../src/domain/diff/change/write-change.js';
import type { Flow, Peer, Profile, TierPlacement } from '../../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../../src/domain/model/snapshot.js';
import { renderCases } from '../../render/case-files.js';

const SMALL = renderCases().find(({ name }) => name === 'small-example');

function shop(edit: Partial<Snapshot> = {}, profile: Partial<Profile> = {}): Snapshot {
  if (SMALL === undefined) throw new Error('the case small-example is gone');
  const { environment } = SMALL.snapshot;
  return {
    ...SMALL.snapshot,
    teams: [{ name: 'demo' }],
    applications: [{ name: 'shop', team: 'demo' }],
    ...{ environment: { ...environment, profile: { ...environment.profile, ...profile } } },
    ...edit,
  };
}

const placed = (tiers: TierPlacement[], namespace = 'shop'): Partial<Snapshot> => ({
  placements: shop().placements.map((placement) => ({ ...placement, namespace, tiers })),
});
const withFlow = (name: string, edit: Partial<Flow>): Partial<Snapshot> => ({
  flows: shop().flows.map((flow) => (flow.name === name ? { ...flow, ...edit } : flow)),
});
const without = (name: string): Partial<Snapshot> => ({ flows: shop().flows.filter((flow) => flow.name !== name) });
const office = (...cidrs: string[]): Snapshot => {
  const peer: Peer = { name: 'office', kind: 'cidr', blocks: cidrs.map((cidr) => ({ cidr })) };
  const flow: Flow = {
    name: 'office-to-frontend',
    from: { peer: 'office' },
    to: { tier: 'shop/frontend' },
    ports: [{ protocol: 'TCP', port: 80 }],
  };
  return shop({ peers: [...shop().peers, peer], flows: [...shop().flows, flow] });
};
const brief = (before: Snapshot, after: Snapshot): string[] =>
  changeOf(before, after).connections.map(({ kind, risk, reason }) => [kind, risk, reason].filter(Boolean).join('; '));

describe('a change as text', () => {
  test('the first version: all is added, and all is isolated for the first time', () => {
    expect(writeChange(changeOf(undefined, shop()))).toMatchInlineSnapshot(`
      "+ shop/backend -> shop/database TCP 3306 (widens; flow backend-to-database; shop/allow-backend-egress, shop/allow-database-ingress)
      + shop/frontend -> shop/backend TCP 3000 (widens; flow frontend-to-backend; shop/allow-frontend-egress, shop/allow-backend-ingress)
      + users -> shop/frontend TCP 80 (widens; flow users-to-frontend; shop/allow-frontend-ingress)

      Isolated for the first time: at the apply, traffic that no flow declares stops
      ! shop/backend in namespace shop: egress, ingress (shop/allow-backend-egress, shop/allow-backend-ingress, shop/default-deny-all)
      ! shop/database in namespace shop: egress, ingress (shop/allow-database-egress, shop/allow-database-ingress, shop/default-deny-all)
      ! shop/frontend in namespace shop: egress, ingress (shop/allow-frontend-egress, shop/allow-frontend-ingress, shop/default-deny-all)
      ! pods of no tier in namespace shop (shop/default-deny-all)

      Summary
      connections: 3 widens, 0 narrows, 0 both
      application shop of team demo: 3 widens, 0 narrows, 0 both
      team demo: 3 widens, 0 narrows, 0 both
      tiers: 3 isolated for the first time, 0 no longer
      "
    `);
  });

  test('one flow comes, one goes, one has other ports', () => {
    const before = shop({ ...without('frontend-to-backend') });
    const flows = shop().flows.filter(({ name }) => name !== 'users-to-frontend');
    const ports = [{ protocol: 'TCP' as const, port: 3300, endPort: 3306 }];
    const after = shop({
      flows: flows.map((flow) => (flow.name === 'backend-to-database' ? { ...flow, ports } : flow)),
    });
    expect(writeChange(changeOf(before, after))).toMatchInlineSnapshot(`
      "~ shop/backend -> shop/database TCP 3306 => TCP 3300-3306 (widens; flow backend-to-database; shop/allow-backend-egress, shop/allow-database-ingress)
      + shop/frontend -> shop/backend TCP 3000 (widens; flow frontend-to-backend; shop/allow-frontend-egress, shop/allow-backend-ingress)
      - users -> shop/frontend TCP 80 (narrows; flow users-to-frontend; shop/allow-frontend-ingress)

      Summary
      connections: 2 widens, 1 narrows, 0 both
      application shop of team demo: 2 widens, 1 narrows, 0 both
      team demo: 2 widens, 1 narrows, 0 both
      tiers: 0 isolated for the first time, 0 no longer
      "
    `);
  });

  test('default deny switched off, and on', () => {
    const off = shop({ ...without('backend-to-database') }, { defaultDeny: false });
    const on = shop({ ...without('backend-to-database') });
    expect(writeChange(changeOf(off, on))).toMatchInlineSnapshot(`
      "Profile
      ~ defaultDeny: off => on (narrows)

      Isolated for the first time: at the apply, traffic that no flow declares stops
      ! shop/database in namespace shop: ingress (shop/default-deny-all)
      ! pods of no tier in namespace shop (shop/default-deny-all)

      Summary
      connections: 0 widens, 0 narrows, 0 both
      tiers: 1 isolated for the first time, 0 no longer
      "
    `);
    expect(writeChange(changeOf(on, off))).toContain('No longer isolated');
  });

  test('nothing', () => {
    expect(writeChange(changeOf(shop(), shop()))).toBe('No change in who may talk to whom.\n');
  });
});

describe('what a change means', () => {
  test('of addresses: more widen, less narrow, others do both, and how they are cut is nothing', () => {
    expect(brief(office('10.0.0.0/9'), office('10.0.0.0/8'))).toEqual([
      'changed; widens; office was 10.0.0.0/9 and is 10.0.0.0/8',
    ]);
    expect(brief(office('10.0.0.0/8', '192.0.2.0/24'), office('10.0.0.0/8'))).toEqual([
      'changed; narrows; office was 10.0.0.0/8, 192.0.2.0/24 and is 10.0.0.0/8',
    ]);
    expect(brief(office('10.0.0.0/8'), office('192.0.2.0/24'))[0]).toMatch(/^changed; both; /);
    expect(brief(office('10.0.0.0/8'), office('10.128.0.0/9', '10.0.0.0/9'))).toEqual([]);
  });

  test('of a tier that leaves the cluster: both, for all its connections', () => {
    expect(brief(shop(), shop(placed([{ tier: 'database', outside: [{ cidr: '10.9.0.0/28' }] }])))).toEqual([
      'changed; both; shop/database was pods {"matchLabels":{"app":"database"}} of namespace shop and is 10.9.0.0/28',
    ]);
  });

  test('of an application that is placed elsewhere: both for all of its ends, and its pods there are isolated anew', () => {
    const { connections, newlyIsolated } = changeOf(shop(), shop(placed([], 'elsewhere')));
    expect(connections.map(({ risk }) => risk)).toEqual(['both', 'both', 'both']);
    expect(newlyIsolated.namespaces).toEqual(['elsewhere']);
    expect(newlyIsolated.tiers.map(({ tier }) => tier)).toEqual(['shop/backend', 'shop/database', 'shop/frontend']);
  });

  test('of a tier that is placed for the first time where others are denied by default: nothing that ran is cut', () => {
    const { newlyIsolated } = changeOf(shop({ tiers: shop().tiers.slice(1) }), shop());
    expect(newlyIsolated).toEqual({ tiers: [], namespaces: [] });
  });

  test('of the first flow to a tier, and of the last one, where there is no default deny', () => {
    const open = { defaultDeny: false };
    const [before, after] = [shop(without('backend-to-database'), open), shop({}, open)];
    const database = {
      tiers: [
        {
          tier: 'shop/database',
          namespace: 'shop',
          directions: ['ingress'],
          policies: ['shop/allow-database-ingress'],
        },
      ],
      namespaces: [],
    };
    expect(changeOf(before, after).newlyIsolated).toEqual(database);
    expect(changeOf(after, before).noLongerIsolated).toEqual(database);
    expect(
      changeOf(after, shop(withFlow('backend-to-database', { from: { peer: 'users' } }), open)).newlyIsolated.tiers,
    ).toEqual([]);
  });

  test('of a second flow to a tier that one from another namespace isolates: nothing is isolated for the first time', () => {
    const caller = { application: 'far', name: 'caller', podSelector: { matchLabels: { app: 'caller' } }, ports: [] };
    const call: Flow = {
      name: 'call',
      from: { tier: 'far/caller' },
      to: { tier: 'shop/backend' },
      ports: [{ protocol: 'TCP', port: 1 }],
    };
    const [shopPlacement] = shop().placements;
    if (shopPlacement === undefined) throw new Error('the case small-example places nothing');
    const far = { ...shopPlacement, application: 'far', namespace: 'far', tiers: [] };
    const near = (flows: readonly Flow[]): Snapshot =>
      shop(
        { tiers: [...shop().tiers, caller], placements: [shopPlacement, far], flows: [...flows, call] },
        { defaultDeny: false },
      );
    const { connections, newlyIsolated } = changeOf(
      near(shop().flows.filter(({ name }) => name !== 'frontend-to-backend')),
      near(shop().flows),
    );
    expect(connections).toHaveLength(1);
    expect(newlyIsolated.tiers).toEqual([]);
  });

  test('of monitoring, where there is no default deny: it isolates the tiers that it may watch', () => {
    const open = { ...without('backend-to-database') };
    const monitoring = { namespaceSelector: {}, podSelector: {}, portNames: ['db'] };
    const tiers = shop().tiers.map((tier) =>
      tier.name === 'database' ? { ...tier, ports: [{ name: 'db', protocol: 'TCP' as const, port: 3306 }] } : tier,
    );
    const [before, after] = [undefined, monitoring].map((watch) =>
      shop({ ...open, tiers }, { defaultDeny: false, monitoring: watch ?? null }),
    );
    if (before === undefined || after === undefined) throw new Error('two snapshots were made');
    expect(changeOf(before, after).newlyIsolated.tiers).toEqual([
      {
        tier: 'shop/database',
        namespace: 'shop',
        directions: ['ingress'],
        policies: ['shop/allow-database-ingress'],
      },
    ]);
  });

  test('of the addresses of nodes: for every flow of theirs', () => {
    const nodes: Peer = { name: 'kubelets', kind: 'nodes' };
    const flow: Flow = {
      ...{ name: 'probes', from: { peer: 'kubelets' }, to: { tier: 'shop/frontend' } },
      ports: [{ protocol: 'TCP', port: 8080 }],
    };
    const withNodes = (nodeCidrs: string[]): Snapshot =>
      shop({ peers: [...shop().peers, nodes], flows: [...shop().flows, flow] }, { nodeCidrs });
    expect(brief(withNodes(['10.0.0.0/24']), withNodes(['10.0.0.0/24', '10.0.1.0/24']))).toEqual([
      'changed; widens; kubelets was 10.0.0.0/24 and is 10.0.0.0/24, 10.0.1.0/24',
    ]);
    expect(brief(withNodes([]), withNodes(['10.0.0.0/24']))).toEqual(['added; widens']);
  });

  test('of a selector that matches no pod: nothing, wherever it is', () => {
    const podSelector = {
      matchLabels: { app: 'database' },
      matchExpressions: [{ key: 'app', operator: 'DoesNotExist' as const }],
    };
    const tiers = shop().tiers.map((tier) => ({ ...tier, podSelector }));
    expect(
      brief(
        shop({ tiers, ...without('users-to-frontend') }),
        shop({ tiers, ...without('users-to-frontend'), ...placed([], 'elsewhere') }),
      ),
    ).toEqual([]);
  });

  test('of addresses that become a selector that matches no pod: they are lost, and nothing is gained', () => {
    const podSelector = {
      matchLabels: { app: 'office' },
      matchExpressions: [{ key: 'app', operator: 'DoesNotExist' as const }],
    };
    const nobody: Peer = { name: 'office', kind: 'pods', podSelector };
    const before = office('10.0.0.0/8');
    const after = { ...before, peers: [...shop().peers, nobody] };
    expect(changeOf(before, after).connections.map(({ risk }) => risk)).toEqual(['narrows']);
    expect(changeOf(after, before).connections.map(({ risk }) => risk)).toEqual(['widens']);
  });

  test('of two environments: their names and namespaces are nothing, other ports are', () => {
    const dev = shop();
    const environment = { ...dev.environment, name: 'prod' };
    const placements = dev.placements.map((placement) => ({
      ...placement,
      environment: 'prod',
      namespace: 'shop-prod',
    }));
    const prod = { ...dev, environment, placements };
    const { connections, newlyIsolated } = changeOf(asIfIn(dev, prod), prod);
    expect([connections, newlyIsolated.tiers]).toEqual([[], []]);
    const ports = [{ protocol: 'TCP' as const, port: 81 }];
    expect(brief(asIfIn(dev, prod), { ...prod, ...withFlow('frontend-to-backend', { ports }) })).toEqual([
      'changed; both',
    ]);
  });

  test('of the profile', () => {
    const facts = (one: Partial<Profile>, other: Partial<Profile>): string[] =>
      changeOf(shop({}, one), shop({}, other)).profile.map(
        ({ fact, risk, before, after }) => `${fact} ${risk}: ${before} => ${after}`,
      );
    expect(facts({ dns: null }, {})).toEqual([
      'dns widens: none => pods {"matchLabels":{"k8s-app":"kube-dns"}} of namespace kube-system on TCP 53, UDP 53',
    ]);
    expect(
      facts(
        { nodeCidrs: ['10.0.0.0/8'], apiServerCidrs: [] },
        { nodeCidrs: ['10.1.0.0/16'], apiServerCidrs: ['192.0.2.1/32'] },
      ),
    ).toEqual(['nodeCidrs narrows: 10.0.0.0/8 => 10.1.0.0/16', 'apiServerCidrs widens: none => 192.0.2.1/32']);
    const monitoring = {
      namespaceSelector: {},
      podSelector: { matchLabels: { app: 'prometheus' } },
      portNames: ['metrics'],
    };
    expect(facts({ monitoring }, { monitoring: { ...monitoring, portNames: ['http', 'metrics'] } })[0]).toMatch(
      /^monitoring widens/,
    );
    expect(facts({ monitoring: null, defaultDeny: false }, { monitoring, defaultDeny: false })[0]).toMatch(
      /^monitoring both/,
    );
  });
});
