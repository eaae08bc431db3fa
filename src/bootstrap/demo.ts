import type { INestApplicationContext } from '@nestjs/common';
import { type ErrorCode, SluiceError } from '../domain/errors.js';
import { BundleService } from '../features/bundle/bundle.service.js';
import { PublishService } from '../features/bundle/publish.service.js';
import { ChangeService } from '../features/change/change.service.js';
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

/**
 * Loads the small example through the services, as any client would, into an empty model, and publishes it in `dev`. A start that was
 * killed halfway is taken up where it ended; a model that anyone else wrote to is left alone, also where it is empty again.
 */
export async function loadDemo(app: INestApplicationContext): Promise<void> {
  const ctx = demoContext();
  const { items: changes } = await app.get(ChangeService).list(ctx, {}, {});
  if (changes.some((change) => change.actor !== ctx.actor)) return;
  if (changes.length > 0 && (await isThere(app.get(BundleService).get(ctx, 'dev', 'latest')))) return;
  await made(app.get(TeamService).create(ctx, { name: 'demo', displayName: 'Demo team' }));
  await made(app.get(ApplicationService).create(ctx, { name: 'shop', team: 'demo', displayName: 'Shop' }));
  for (const { name, ports } of TIERS) {
    const tier = { name, ports, podSelector: { matchLabels: { app: name } } };
    await made(app.get(TierService).create(ctx, tier, { application: 'shop' }));
  }
  const users = { name: 'users', kind: 'pods', podSelector: { matchLabels: { role: 'user' } } };
  await made(app.get(PeerService).create(ctx, users));
  for (const name of ['dev', 'staging', 'prod']) {
    await made(app.get(EnvironmentService).create(ctx, { name }));
    const key = { environment: name, application: 'shop' };
    await made(app.get(PlacementService).put(ctx, key, { namespace: 'shop' }, { kind: 'absent' }));
  }
  for (const flow of FLOWS) await made(app.get(FlowService).create(ctx, flow));
  await app.get(PublishService).publish(ctx, 'dev', { message: 'The small example' });
}

/** Now, or by a start that was killed. */
async function made(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => hold(error, ['already-exists', 'precondition-failed']));
}

function isThere(reading: Promise<unknown>): Promise<boolean> {
  return reading.then(
    () => true,
    (error: unknown) => {
      hold(error, ['not-found']);
      return false;
    },
  );
}

function hold(error: unknown, expected: readonly ErrorCode[]): void {
  if (!(error instanceof SluiceError && expected.includes(error.code))) throw error;
}

function demoContext(): RequestContext {
  return {
    ...{ actor: 'sluice-demo', scopes: new Set(['admin' as const]), boundTo: undefined, traceId: 'demo' },
    ...{
      now: new Date(),
      reason: 'the example of a fresh start',
      dryRun: false,
      idempotencyKey: undefined,
      minRevision: undefined,
      readFrom: 'primary',
    },
  };
}
