import { describe, expect, it } from 'vitest';
import { formatPortSet } from '../../../src/domain/evaluate/port-set.js';
import { DEFAULT_PROFILE } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { judge } from '../../../src/domain/verdict/judge.js';
import type { SideVerdict } from '../../../src/domain/verdict/verdict.js';
import { verdictIndex } from '../../../src/domain/verdict/verdict-index.js';
import { ask, flow, SHOP } from './model.js';

/** `policies: shop/allow-web-egress 2 (web-to-api)` */
function sideText({ basis, objects }: SideVerdict): string {
  const texts = objects.flatMap(({ policy, rules }) =>
    rules.map(({ rule, flows, profile }) => `${policy} ${rule} (${[...flows, ...profile].join()})`),
  );
  return [basis, ...texts].join(' ');
}

function answer(from: string, to: string, port?: string, snapshot: Snapshot = SHOP) {
  const { allowed, ports, egress, ingress, flows, missing, caveats } = ask(snapshot, from, to, port);
  return {
    allowed,
    ports: formatPortSet(ports),
    egress: sideText(egress),
    ingress: sideText(ingress),
    flows: flows.map(({ name }) => name),
    missing: missing.map(({ code }) => code),
    caveats: caveats.map(({ code }) => code),
  };
}

const ALLOWED = { allowed: true, missing: [], caveats: [] };
const DENIED = { allowed: false, ports: 'No Connections', flows: [], caveats: [] };

describe('a question that is allowed names rule, object and flow of each side', () => {
  it.each([['TCP/3000'], ['3000'], ['tcp/3000'], ['api'], [undefined]])('between two tiers, port %s', (port) => {
    expect(answer('shop/frontend', 'shop/backend', port)).toEqual({
      ...ALLOWED,
      ports: 'TCP 3000',
      egress: 'policies shop/allow-frontend-egress 2 (frontend-to-backend)',
      ingress: 'policies shop/allow-backend-ingress 1 (frontend-to-backend)',
      flows: ['frontend-to-backend'],
    });
  });

  it('from a peer of pods, whose own side is not ours', () => {
    expect(answer('gateway', 'shop/frontend', 'http')).toEqual({
      ...ALLOWED,
      ports: 'TCP 80',
      egress: 'peer',
      ingress: 'policies shop/allow-frontend-ingress 1 (gateway-to-frontend)',
      flows: ['gateway-to-frontend'],
    });
  });

  it('a fact of the profile, where the second end says more of the namespace that both stand in', () => {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'green' } };
    const monitoring = { namespaceSelector, podSelector: {}, portNames: ['http'] };
    const { environment } = SHOP;
    const greens = { name: 'greens', kind: 'pods' as const, namespaceSelector };
    const snapshot: Snapshot = {
      ...SHOP,
      environment: { ...environment, profile: { ...environment.profile, monitoring } },
      peers: [...SHOP.peers, { ...greens, podSelector: { matchLabels: { app: 'frontend' } } }],
    };
    const { objects } = ask(snapshot, 'shop/backend', 'greens').ingress;
    expect(objects.flatMap(({ policy, rules }) => rules.map(({ profile }) => `${policy} ${profile.join()}`))).toEqual([
      'shop/allow-frontend-ingress monitoring',
    ]);
  });

  it('from a peer of pods that our own default deny isolates: the answer says so', () => {
    const found = answer('users', 'shop/frontend', '80');
    expect(found).toMatchObject({ allowed: true, egress: 'peer', caveats: ['peer-isolated'] });
    expect(ask(SHOP, 'users', 'shop/frontend').caveats[0]?.message).toContain(
      'default-deny-all (shop) isolates pods of users',
    );
  });

  it('to a peer of pods that our own default deny isolates, and nothing else is said', () => {
    const flows = [flow('shop/backend > users', [{ protocol: 'TCP', port: 9 }])];
    expect(answer('shop/backend', 'users', '9', { ...SHOP, flows })).toMatchObject({
      allowed: true,
      ingress: 'peer',
      caveats: ['peer-isolated'],
    });
  });

  it.each([['192.0.2.9'], ['192.0.2.0/24'], ['2001:db8::1'], ['2001:db8:0:1::/64'], ['office']])(
    'from addresses: %s',
    (from) => {
      expect(answer(from, 'shop/backend', 'TCP/8005')).toMatchObject({
        ...ALLOWED,
        caveats: ['end-port'],
        ports: 'TCP 8000-8010',
        egress: 'outside-cluster',
        ingress: 'policies shop/allow-backend-ingress 2 (office-to-backend)',
        flows: ['office-to-backend'],
      });
    },
  );

  it('to addresses outside, of either family', () => {
    for (const to of ['8.8.8.8', '2600::1', 'internet'])
      expect(answer('shop/backend', to, '443')).toMatchObject({ allowed: true, flows: ['backend-to-internet'] });
  });

  it('to a tier outside the cluster: the direct flow comes first, and every other one that allows it too', () => {
    const found = answer('shop/backend', 'bank/vault');
    expect(found).toMatchObject({ ...ALLOWED, ports: 'TCP 443,8200', ingress: 'outside-cluster' });
    expect(found.flows).toEqual(['backend-to-bank/vault', 'backend-to-internet']);
  });

  it('by a fact of the profile, with no flow', () => {
    expect(answer('shop/frontend', 'dns', 'UDP/53')).toEqual({
      ...ALLOWED,
      ports: 'TCP 53,UDP 53',
      egress: 'policies shop/allow-frontend-egress 1 (dns)',
      ingress: 'peer',
      flows: [],
    });
  });

  it('by a flow to a peer that means the pods of the tier as well', () => {
    const wide = {
      ...SHOP,
      flows: [
        flow('shop/frontend > anywhere', [{ protocol: 'TCP', port: 3306 }]),
        flow('anywhere > shop/database', ['mysql']),
      ],
    };
    expect(answer('shop/frontend', 'shop/database', 'mysql', wide)).toMatchObject({
      allowed: true,
      egress: 'policies shop/allow-frontend-egress 2 (frontend-to-anywhere)',
      ingress: 'policies shop/allow-database-ingress 1 (anywhere-to-database)',
      flows: ['anywhere-to-database', 'frontend-to-anywhere'],
    });
  });
});

describe('a question that is denied names what is missing', () => {
  it('no flow: both sides are isolated', () => {
    expect(answer('shop/frontend', 'shop/database', '3306')).toEqual({
      ...DENIED,
      egress: 'policies',
      ingress: 'policies',
      missing: ['no-flow', 'no-flow'],
    });
    const [egress, ingress] = ask(SHOP, 'shop/frontend', 'shop/database', '3306').missing;
    expect(egress).toMatchObject({
      direction: 'egress',
      objects: ['shop/allow-frontend-egress', 'shop/default-deny-all'],
      why: 'no flow leads from shop/frontend to shop/database in environment dev',
    });
    expect(ingress).toMatchObject({
      direction: 'ingress',
      objects: ['shop/allow-database-ingress', 'shop/default-deny-all'],
    });
  });

  it('the other way round is another question', () => {
    expect(ask(SHOP, 'shop/backend', 'shop/frontend', 'http')).toMatchObject({ allowed: false });
  });

  it('only other ports, also where the protocol is another one', () => {
    for (const port of ['TCP/9', 'UDP/3000'])
      expect(answer('shop/frontend', 'shop/backend', port)).toMatchObject({
        allowed: false,
        ports: 'TCP 3000',
        missing: ['other-ports', 'other-ports'],
      });
    expect(ask(SHOP, 'shop/frontend', 'shop/backend', '9').missing[0]?.why).toBe(
      'flow frontend-to-backend opens TCP 3000 only',
    );
  });

  it('an end that is not placed: the flow alone does not help', () => {
    const found = ask(SHOP, 'shop/backend', 'mail/sender', 'smtp');
    expect(found).toMatchObject({
      allowed: false,
      egress: { basis: 'absent' },
      missing: [{ code: 'not-placed', subject: 'mail/sender' }],
    });
    expect(found.missing[0]?.flows).toEqual(['backend-to-mail/sender']);
    expect(answer('mail/sender', 'shop/backend').missing).toEqual(['not-placed']);
  });

  it('a peer without an address in this environment', () => {
    expect(answer('prod-only', 'shop/backend', 'api').missing).toEqual(['no-address']);
  });

  it('a selector that no pod can have', () => {
    const podSelector = {
      matchExpressions: [
        { key: 'app', operator: 'In' as const, values: ['a'] },
        { key: 'app', operator: 'NotIn' as const, values: ['a'] },
      ],
    };
    const tiers = SHOP.tiers.map((tier) => (tier.name === 'ledger' ? { ...tier, podSelector } : tier));
    expect(answer('bank/ledger', 'shop/backend', undefined, { ...SHOP, tiers }).missing).toEqual(['no-pods']);
  });

  it('an address that no block holds', () => {
    expect(answer('shop/backend', '10.0.0.1', '443')).toMatchObject({ allowed: false, missing: ['no-flow'] });
    expect(answer('2001:db9::1', 'shop/backend', '8005')).toMatchObject({ allowed: false, missing: ['no-flow'] });
  });

  it('addresses of which only a part may: the part is named', () => {
    const found = ask(SHOP, '192.0.2.0/23', 'shop/backend', '8005');
    expect(found).toMatchObject({ allowed: false, caveats: [{ code: 'partly' }] });
    expect(found.caveats[0]?.message).toContain('192.0.2.0-192.0.2.255 (TCP 8000-8010)');
  });

  it('anyone, where all addresses are open and pods are not', () => {
    const all = { name: 'addresses', kind: 'cidr' as const, blocks: [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }] };
    const flows = [flow('shop/frontend > addresses', [{ protocol: 'TCP', port: 443 }])];
    const open = { ...SHOP, peers: [...SHOP.peers, all], flows };
    expect(answer('shop/frontend', 'addresses', '443', open)).toMatchObject({ allowed: true });
    expect(answer('shop/frontend', 'anywhere', '443', open)).toMatchObject({ allowed: false, caveats: ['partly'] });
  });

  it('two pods of one tier', () => {
    expect(answer('shop/frontend', 'shop/frontend', '80').missing).toEqual(['same-tier', 'same-tier']);
  });

  it('only one side: the other one lets it through', () => {
    const flows = [flow('shop/frontend > anywhere', [{ protocol: 'TCP', port: 3306 }])];
    const found = ask({ ...SHOP, flows }, 'shop/frontend', 'shop/database', 'mysql');
    expect(found.egress.objects.flatMap(({ rules }) => rules)).toMatchObject([
      { rule: 2, flows: ['frontend-to-anywhere'] },
    ]);
    expect(found.missing).toMatchObject([
      { code: 'no-flow', direction: 'ingress', objects: ['shop/default-deny-all'] },
    ]);
  });

  it('only one side is isolated at all, where the default deny is off', () => {
    const open = { ...SHOP, environment: { name: 'dev', profile: { ...DEFAULT_PROFILE, defaultDeny: false } } };
    expect(ask(open, 'shop/database', 'bank/ledger', 'pg')).toMatchObject({
      allowed: false,
      ingress: { basis: 'default-allow' },
      missing: [{ code: 'no-flow', direction: 'egress', objects: ['shop/allow-database-egress'] }],
    });
  });

  it('a flow that the objects do not hold', () => {
    const index = verdictIndex(SHOP, renderBundle({ ...SHOP, flows: [] }).policies);
    expect(judge(index, { from: 'shop/frontend', to: 'shop/backend' }).missing).toMatchObject([
      { code: 'not-rendered', flows: ['frontend-to-backend'] },
      { code: 'not-rendered' },
    ]);
  });

  it('without a port, two sides that share none', () => {
    const flows = [
      flow('shop/frontend > anywhere', [{ protocol: 'TCP', port: 1 }]),
      flow('anywhere > shop/database', ['mysql']),
    ];
    expect(ask({ ...SHOP, flows }, 'shop/frontend', 'shop/database').missing).toMatchObject([
      { direction: 'egress', detail: expect.stringContaining('let TCP 1 only out to shop/database') },
      { direction: 'ingress', detail: expect.stringContaining('TCP 3306 only in from shop/frontend') },
    ]);
  });
});

it('says what a network plugin that knows no endPort would do', () => {
  expect(ask(SHOP, 'office', 'shop/backend', '8000').caveats).toEqual([]);
  expect(ask(SHOP, 'office', 'shop/backend').caveats[0]?.message).toContain('TCP 8001-8010 is allowed by a range');
});

it('says where no object decides', () => {
  expect(answer('bank/vault', 'office')).toMatchObject({
    allowed: true,
    egress: 'outside-cluster',
    caveats: ['undecided'],
  });
});

describe('a question that cannot be asked', () => {
  it.each([
    [
      'shop/fronted',
      'shop/backend',
      undefined,
      [
        [
          '#/from',
          'unknown-tier',
          'tier "shop/fronted" in the question does not exist (have: shop/backend, shop/database, shop/frontend',
        ],
      ],
    ],
    [
      'nobody',
      'shop/backend',
      undefined,
      [['#/from', 'unknown-peer', 'peer "nobody" in the question does not exist (have: anywhere, dns, gateway']],
    ],
    [
      'shop/backend',
      '10.0.0.300',
      undefined,
      [['#/to', 'address', '"10.0.0.300" is neither a tier, a peer nor an address']],
    ],
    ['shop/backend', '10.1.2.3/8', undefined, [['#/to', 'cidr-host-bits', 'did you mean 10.0.0.0/8?']]],
    ['users', 'office', undefined, [['#/to', 'no-tier', 'neither "users" nor "office" is a tier']]],
    [
      'shop/frontend',
      'shop/backend',
      'http',
      [['#/port', 'unknown-port', 'port "http" in the question about tier "shop/backend" does not exist (have: api)']],
    ],
    ['shop/frontend', 'office', 'http', [['#/port', 'port-by-number', '"office" has no named ports']]],
    ['shop/frontend', 'shop/backend', '0', [['#/port', 'port', '"0" is not a port']]],
    ['shop/frontend', 'shop/backend', 'ICMP/8', [['#/port', 'port', '"ICMP/8" is not a port']]],
    [
      'a/b',
      'c',
      '70000',
      [
        ['#/from', 'unknown-tier', ''],
        ['#/port', 'port', ''],
        ['#/to', 'unknown-peer', ''],
      ],
    ],
  ])('%s to %s on %s', (from, to, port, expected) => {
    const problems = () => {
      try {
        ask(SHOP, from, to, port);
        return [];
      } catch (error) {
        return (error as { problems: { pointer: string; code: string; detail: string }[] }).problems;
      }
    };
    expect(problems()).toEqual(
      expected.map(([pointer, code, detail]) =>
        expect.objectContaining({ pointer, code, detail: expect.stringContaining(detail ?? '') }),
      ),
    );
  });
});
