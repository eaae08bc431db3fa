import { DEFAULT_PROFILE, type Endpoint, type Flow, type Peer, type Tier } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle } from '../../../src/domain/render/bundle.js';
import { judge } from '../../../src/domain/verdict/judge.js';
import { mendsOf, type ModelAround } from '../../../src/domain/verdict/mends.js';
import { sentences, type Told } from '../../../src/domain/verdict/sentences.js';
import type { Verdict } from '../../../src/domain/verdict/verdict.js';
import { verdictIndex } from '../../../src/domain/verdict/verdict-index.js';

export const ALONE: ModelAround = { sameEnds: [], taken: new Set() };

function tier(name: string, port: number, portName: string): Tier {
  const ports = [{ name: portName, protocol: 'TCP' as const, port }];
  return { application: 'shop', name, podSelector: { matchLabels: { app: name } }, ports };
}

function end(text: string): Endpoint {
  return text.includes('/') ? { tier: text } : { peer: text };
}

export function flow(text: string, ports: Flow['ports'], environments?: string[]): Flow {
  const [from = '', to = ''] = text.split(' > ');
  const name = `${from}-to-${to}`.replaceAll('shop/', '');
  return { name, from: end(from), to: end(to), ports, ...(environments === undefined ? {} : { environments }) };
}

export const PEERS: Peer[] = [
  { name: 'users', kind: 'pods', podSelector: { matchLabels: { role: 'user' } } },
  { name: 'gateway', kind: 'pods', namespaceSelector: { matchLabels: { team: 'edge' } }, podSelector: {} },
  { name: 'office', kind: 'cidr', blocks: [{ cidr: '192.0.2.0/24' }, { cidr: '2001:db8::/32' }] },
  { name: 'prod-only', kind: 'cidr', blocks: [{ cidr: '198.51.100.0/24', environments: ['prod'] }] },
  { name: 'internet', kind: 'internet' },
  { name: 'anywhere', kind: 'anywhere' },
  { name: 'dns', kind: 'pods', ...podsOf('kube-system', { 'k8s-app': 'kube-dns' }) },
];

function podsOf(namespace: string, matchLabels: Record<string, string>) {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels },
  };
}

/** The small example in dev, and beside it a tier in another namespace, one outside, and one that is not placed. */
export const SHOP: Snapshot = {
  revision: 7,
  environment: { name: 'dev', profile: DEFAULT_PROFILE },
  teams: [{ name: 'demo' }],
  applications: ['shop', 'bank', 'mail'].map((name) => ({ name, team: 'demo' })),
  tiers: [
    tier('frontend', 80, 'http'),
    tier('backend', 3000, 'api'),
    tier('database', 3306, 'mysql'),
    { ...tier('ledger', 5432, 'pg'), application: 'bank' },
    { ...tier('vault', 8200, 'api'), application: 'bank' },
    { ...tier('sender', 25, 'smtp'), application: 'mail' },
  ],
  peers: PEERS,
  placements: [
    { environment: 'dev', application: 'shop', namespace: 'shop', tiers: [] },
    {
      environment: 'dev',
      application: 'bank',
      namespace: 'bank',
      tiers: [{ tier: 'vault', outside: [{ cidr: '203.0.113.8/32' }, { cidr: '2001:db8:9::8/128' }] }],
    },
  ],
  flows: [
    flow('users > shop/frontend', ['http']),
    flow('shop/frontend > shop/backend', ['api']),
    flow('shop/backend > shop/database', ['mysql']),
    flow('shop/backend > bank/vault', ['api']),
    flow('gateway > shop/frontend', ['http']),
    flow('office > shop/backend', [{ protocol: 'TCP', port: 8000, endPort: 8010 }]),
    flow('shop/backend > internet', [{ protocol: 'TCP', port: 443 }]),
    flow('shop/backend > mail/sender', ['smtp']),
    flow('prod-only > shop/backend', ['api']),
  ],
};

/** Asks about a snapshot as it would be rendered. */
export function ask(snapshot: Snapshot, from: string, to: string, port?: string): Verdict {
  return judge(verdictIndex(snapshot, renderBundle(snapshot).policies), { from, to, port });
}

/** The sentences of an answer, told with whatever is given. */
export function tell(
  snapshot: Snapshot,
  question: readonly [string, string, string?],
  told: Partial<Told> = {},
): string[] {
  const index = verdictIndex(snapshot, renderBundle(snapshot).policies);
  const [from, to, port] = question;
  const verdict = judge(index, { from, to, port });
  return sentences(verdict, { version: 'draft', authors: new Map(), mends: mendsOf(index, verdict, ALONE), ...told });
}
