import type { INestApplicationContext } from '@nestjs/common';
import { PublishService } from '../features/bundle/publish.service.js';
import { ApplicationService } from '../features/application/application.service.js';
import { EnvironmentService } from '../features/environment/environment.service.js';
import { FlowService } from '../features/flow/flow.service.js';
import { PeerService } from '../features/peer/peer.service.js';
import { PlacementService } from '../features/placement/placement.service.js';
import { TeamService } from '../features/team/team.service.js';
import { TierService } from '../features/tier/tier.service.js';
import type { RequestContext } from '../platform/context.js';

const TIERS = [
  { name: 'frontend', ports: [{ name: 'http', protocol: 'TCP', port: 80 }] },
  { name: 'backend', ports: [{ name: 'api', protocol: 'TCP', port: 3000 }] },
  { name: 'database', ports: [{ name: 'mysql', protocol: 'TCP', port: 3306 }] },
];

const FLOWS = [
  {
    name: 'users-to-frontend',
    from: { peer: 'users' },
    to: { tier: 'shop/frontend' },
    ports: ['http'],
    reason: 'People buy things',
  },
  {
    name: 'frontend-to-backend',
    from: { tier: 'shop/frontend' },
    to: { tier: 'shop/backend' },
    ports: ['api'],
    reason: 'Pages show the catalogue',
  },
  {
    name: 'backend-to-database',
    from: { tier: 'shop/backend' },
    to: { tier: 'shop/database' },
    ports: ['mysql'],
    reason: 'Orders are kept',
  },
];

/** Loads the small example through the services, as any client would, into an empty model, and publishes it in `dev`. */
export async function loadDemo(app: INestApplicationContext): Promise<void> {
  const ctx = demoContext();
  const teams = app.get(TeamService);
  if ((await teams.list(ctx, {}, { pageSize: 1 })).items.length > 0) return;
  await teams.create(ctx, { name: 'demo', displayName: 'Demo team' });
  await app.get(ApplicationService).create(ctx, { name: 'shop', team: 'demo', displayName: 'Shop' });
  for (const { name, ports } of TIERS) {
    await app
      .get(TierService)
      .create(ctx, { name, ports, podSelector: { matchLabels: { app: name } } }, { application: 'shop' });
  }
  await app
    .get(PeerService)
    .create(ctx, { name: 'users', kind: 'pods', podSelector: { matchLabels: { role: 'user' } } });
  for (const name of ['dev', 'staging', 'prod']) {
    await app.get(EnvironmentService).create(ctx, { name });
    const key = { environment: name, application: 'shop' };
    await app.get(PlacementService).put(ctx, key, { namespace: 'shop' }, { kind: 'absent' });
  }
  for (const flow of FLOWS) await app.get(FlowService).create(ctx, flow);
  await app.get(PublishService).publish(ctx, 'dev', { message: 'The small example' });
}

function demoContext(): RequestContext {
  return {
    ...{ actor: 'sluice-demo', scopes: new Set(['admin' as const]), boundTo: undefined, traceId: 'demo' },
    ...{ now: new Date(), reason: 'the example of a fresh start', dryRun: false, idempotencyKey: undefined },
  };
}
