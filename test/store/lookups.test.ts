import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationStore } from '../../src/store/application.store.js';
import { EnvironmentStore } from '../../src/store/environment.store.js';
import { FlowStore } from '../../src/store/flow.store.js';
import { lookup, type LookupKind } from '../../src/store/lookups.js';
import type { Key, ModelStore } from '../../src/store/model-store.js';
import { PeerStore } from '../../src/store/peer.store.js';
import { PlacementStore } from '../../src/store/placement.store.js';
import { SnapshotStore } from '../../src/store/snapshot.store.js';
import { TagStore } from '../../src/store/tag.store.js';
import { TeamStore } from '../../src/store/team.store.js';
import { TierStore } from '../../src/store/tier.store.js';
import { WebhookStore } from '../../src/store/webhook.store.js';
import { startTestApp, type TestApp } from '../support/app.js';

const PEOPLE = {
  displayName: 'Shown',
  description: 'Said',
  labels: { tier: 'gold' },
  links: [{ title: 'Runbook', url: 'https://example.org/r' }],
};
const RANGE = { name: 'http', protocol: 'TCP', port: 80, endPort: 90 };

/** Objects with every field, in the order in which they can be made, and how each is named. */
const OBJECTS: readonly [kind: LookupKind, path: string, key: Key, body: object][] = [
  ['team', 'teams/a', { name: 'a' }, PEOPLE],
  ['application', 'applications/app', { name: 'app' }, { team: 'a', ...PEOPLE }],
  ['environment', 'environments/e', { name: 'e' }, { profile: { dns: null, nodeCidrs: ['10.0.0.0/8'] }, ...PEOPLE }],
  [
    'tier',
    'applications/app/tiers/web',
    { application: 'app', name: 'web' },
    {
      podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
      ports: [RANGE, { name: 'dns', protocol: 'UDP', port: 53 }],
      ...PEOPLE,
    },
  ],
  [
    'peer',
    'peers/blocks',
    { name: 'blocks' },
    {
      kind: 'cidr',
      blocks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'], environments: ['e'] }, { cidr: '::/0' }],
      ...PEOPLE,
    },
  ],
  [
    'placement',
    'environments/e/placements/app',
    { environment: 'e', application: 'app' },
    { namespace: 'n', tiers: [{ tier: 'web', labels: { a: 'b' }, ports: [{ ...RANGE, port: 81 }] }] },
  ],
  [
    'flow',
    'flows/f',
    { name: 'f' },
    {
      from: { peer: 'blocks' },
      to: { tier: 'app/web' },
      ports: ['http', { protocol: 'SCTP', port: 7 }],
      environments: ['e'],
      reason: 'r',
      ...PEOPLE,
    },
  ],
  ['tag', 'environments/e/tags/stable', { environment: 'e', name: 'stable' }, { version: 1 }],
  [
    'webhook',
    'webhooks/hook',
    { name: 'hook' },
    {
      ...{ url: 'https://hooks.example.com/x', environments: ['e'], enabled: false, signature: 'ed25519' },
      ...PEOPLE,
    },
  ],
];

const STORES: Readonly<Record<LookupKind, ModelStore<object>>> = {
  team: new TeamStore(),
  application: new ApplicationStore(),
  environment: new EnvironmentStore(),
  tier: new TierStore(),
  peer: new PeerStore(),
  placement: new PlacementStore(),
  flow: new FlowStore(),
  tag: new TagStore(),
  webhook: new WebhookStore(),
} as unknown as Record<LookupKind, ModelStore<object>>;

describe('reads of the same object', () => {
  let sluice: TestApp;
  beforeAll(async () => {
    sluice = await startTestApp();
    for (const [kind, path, , body] of OBJECTS) {
      if (kind === 'tag') await sluice.request.post('/v1/environments/e/bundles').send({}).expect(201);
      await sluice.request.put(`/v1/${path}`).set('if-none-match', '*').send(body).expect(201);
    }
  });
  afterAll(() => sluice.close());

  it.each(OBJECTS)('%s: the lookup, the object mapper and the reply agree', async (kind, path, key, body) => {
    const store = STORES[kind];
    const byLookup = store.fromRow((await lookup(sluice.database, kind, key))?.row);
    expect(byLookup).toEqual(await store.get(sluice.database.prisma, key));
    const reply = await sluice.request.get(`/v1/${path}`).expect(200);
    expect(reply.body).toEqual(byLookup.value);
    expect(reply.body).toMatchObject(kind === 'environment' ? PEOPLE : body);
  });

  it('the snapshot holds the same objects', async () => {
    const snapshot = await new SnapshotStore().load(sluice.database.prisma, 'e');
    const value = async (kind: LookupKind, key: Key) =>
      STORES[kind].fromRow((await lookup(sluice.database, kind, key))?.row).value;
    for (const [kind, , key] of OBJECTS) {
      if (kind === 'tag' || kind === 'webhook') continue; // of versions, not of the model
      const held = kind === 'environment' ? [snapshot?.environment] : snapshot?.[`${kind}s`];
      expect(held, kind).toEqual([await value(kind, key)]);
    }
  });
});
