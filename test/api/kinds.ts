import type { TestApp } from '../support/app.js';

/** One resource of the model, as the tests of the common conventions need it. */
export interface Kind {
  /** The word of the design, as messages use it. */
  readonly word: string;
  readonly collection: string;
  /** Whether objects are posted to the collection, or only put where they belong. */
  readonly posted: boolean;
  /** What messages call the object of this name. */
  title(name: string): string;
  body(name: string): object;
  /** Changes an object of `body`; null where it changes one by leaving something out. */
  readonly change: object;
  /** What must be there first. */
  before?(sluice: TestApp, name: string): Promise<void>;
  /** The field that names the object. */
  readonly nameField: string;
}

const item = (word: string) => (name: string) => `${word} "${name}"`;

/** What is said of an object, without what is said once, when it is made. */
export function told({ secret: _, publicKey: __, ...fields }: any): object {
  return fields;
}

/** All of them, over the small example: team demo, application shop, environments dev, staging and prod. */
export const KINDS: readonly Kind[] = [
  {
    word: 'team',
    collection: '/v1/teams',
    posted: true,
    title: item('team'),
    body: (name) => ({ name, displayName: 'A team', links: [{ title: 'Runbook', url: 'https://example.org/run' }] }),
    change: { displayName: null, description: 'Changed' },
    nameField: 'name',
  },
  {
    word: 'application',
    collection: '/v1/applications',
    posted: true,
    title: item('application'),
    body: (name) => ({ name, team: 'demo', displayName: 'An application' }),
    change: { displayName: null, labels: { area: 'sales' } },
    nameField: 'name',
  },
  {
    word: 'tier',
    collection: '/v1/applications/shop/tiers',
    posted: true,
    title: (name) => `tier "shop/${name}"`,
    body: (name) => ({
      application: 'shop',
      name,
      podSelector: { matchLabels: { app: name } },
      ports: [{ name: 'main', protocol: 'TCP', port: 7000, endPort: 7010 }],
      displayName: 'A tier',
    }),
    change: { displayName: null, ports: [{ name: 'main', protocol: 'UDP', port: 7000 }] },
    nameField: 'name',
  },
  {
    word: 'peer',
    collection: '/v1/peers',
    posted: true,
    title: item('peer'),
    body: (name) => ({
      name,
      kind: 'cidr',
      blocks: [{ cidr: '192.0.2.0/24', except: ['192.0.2.128/25'], environments: ['dev'] }, { cidr: '2001:db8::/32' }],
      displayName: 'A peer',
    }),
    change: { displayName: null, blocks: [{ cidr: '198.51.100.0/24' }] },
    nameField: 'name',
  },
  {
    word: 'environment',
    collection: '/v1/environments',
    posted: true,
    title: item('environment'),
    body: (name) => ({
      name,
      profile: {
        defaultDeny: false,
        dns: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } },
          podSelector: { matchLabels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } },
          ports: [{ protocol: 'UDP', port: 5353 }],
        },
        nodeCidrs: [],
        apiServerCidrs: ['10.0.0.1/32'],
        monitoring: null,
      },
      displayName: 'An environment',
    }),
    change: { displayName: null, links: [{ title: 'Console', url: 'https://example.org/' }] },
    nameField: 'name',
  },
  {
    word: 'placement',
    collection: '/v1/environments/dev/placements',
    posted: false,
    title: (name) => `placement "dev/${name}"`,
    body: (name) => ({ environment: 'dev', application: name, namespace: `ns-${name}`, tiers: [] }),
    change: { namespace: 'elsewhere' },
    before: async (sluice, name) => {
      await sluice.request.post('/v1/applications').send({ name, team: 'demo' }).expect(201);
    },
    nameField: 'application',
  },
  {
    word: 'flow',
    collection: '/v1/flows',
    posted: true,
    title: item('flow'),
    body: (name) => ({
      name,
      from: { peer: 'users' },
      to: { tier: 'shop/backend' },
      // a port of its own, so that no two flows say the same
      ports: [{ protocol: 'TCP', port: portOf(name) }],
      environments: ['dev', 'prod'],
      reason: 'Why not',
    }),
    change: { reason: null, environments: ['staging'] },
    nameField: 'name',
  },
  {
    word: 'webhook',
    collection: '/v1/webhooks',
    posted: true,
    title: item('webhook'),
    body: (name) => ({
      ...{ name, url: `https://hooks.example.com/${name}`, environments: ['dev', 'prod'] },
      ...{ enabled: true, signature: 'hmac', displayName: 'A receiver' },
    }),
    change: { displayName: null, environments: ['staging'], enabled: false },
    nameField: 'name',
  },
];

function portOf(name: string): number {
  let port = 0;
  for (const character of name) port = (port * 31 + character.charCodeAt(0)) % 60_000;
  return port + 1;
}
