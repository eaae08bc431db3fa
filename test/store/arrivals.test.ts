import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Arrival, Arrivals } from '../../src/store/arrivals.js';
import { BundleStore } from '../../src/store/bundle.store.js';
import { Database } from '../../src/store/database.js';
import { Notifications } from '../../src/store/notifications.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

/** The server publishes; beside it stands another process's knowledge of what is newest. */
let sluice: TestApp;
let database: Database;
let notifications: Notifications;
let bundles: BundleStore;
let arrivals: Arrivals;
let newest = 1;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  database = new Database({ url: sluice.databaseUrl, poolSize: 2, onError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await sluice.close();
});
beforeEach(async () => {
  notifications = new Notifications(sluice.databaseUrl, () => undefined);
  bundles = new BundleStore();
  arrivals = new Arrivals(database, notifications, bundles);
  await notifications.open();
});
afterEach(async () => {
  arrivals.close();
  await notifications.close();
});

/** Makes the next version; gives its number. */
async function publish(): Promise<number> {
  const tier = { name: `tier-${newest}`, podSelector: { matchLabels: { app: `tier-${newest}` } } };
  await sluice.request.post('/v1/applications/shop/tiers').send(tier).expect(201);
  const { body } = await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
  return (newest = body.version);
}

function told(after: number, environment = 'dev'): Promise<Arrival> {
  return new Promise((resolve) => arrivals.wait(environment, after, 'poll', resolve));
}

async function loseChannel(): Promise<void> {
  await database.sql(
    `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
     WHERE application_name = 'sluice-listen' AND datname = current_database()`,
    [],
  );
  await expect.poll(() => notifications.connected).toBe(false);
}

describe('who waits for a version', () => {
  it('is told at its publish, by its number', async () => {
    const waits = [told(newest), told(newest)];
    const version = await publish();
    expect(await Promise.all(waits)).toEqual([version, version]);
    expect(arrivals.counts.poll).toBe(0);
  });

  it('is told at once where it came after that, and waits where it knows the version', async () => {
    const before = newest;
    const version = await publish();
    const again = told(version);
    expect(await told(before)).toBe(version);
    expect(arrivals.counts.poll).toBe(1);
    arrivals.close();
    expect(await again).toBe('closing');
  });

  it('is not told of other environments, nor of what was not stored', async () => {
    const [other, same] = [told(0, 'staging'), told(newest)];
    await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(200);
    await sluice.request.post('/v1/environments/staging/bundles?dryRun=true').send({}).expect(201);
    const version = await publish();
    expect(await same).toBe(version);
    expect(arrivals.counts.poll).toBe(1);
    await sluice.request.post('/v1/environments/staging/bundles').send({}).expect(201);
    expect(await other).toBe(1);
  });

  it('is told no more once it was let go', async () => {
    const tell = vi.fn();
    const letGo = arrivals.wait('dev', newest, 'events', tell);
    expect(arrivals.counts).toEqual({ poll: 0, events: 1, subscription: 0 });
    letGo();
    letGo();
    expect(arrivals.counts.events).toBe(0);
    const other = told(newest);
    await publish();
    await other;
    expect(tell).not.toHaveBeenCalled();
  });

  it('is told when the process ends, and so is who comes later', async () => {
    const waiting = told(newest);
    arrivals.close();
    expect(await Promise.all([waiting, told(newest), told(0)])).toEqual(['closing', 'closing', 'closing']);
  });
});

describe('while nobody tells', () => {
  it('the database is asked once for all, and nobody misses a version', async () => {
    const asked = vi.spyOn(bundles, 'latestVersions');
    const waits = Array.from({ length: 300 }, () => told(newest));
    await loseChannel();
    const version = await publish();
    expect(await Promise.all(waits)).toEqual(waits.map(() => version));
    expect(asked.mock.calls.length).toBeLessThan(5);
  });

  it('it is asked again where it did not answer', async () => {
    const waiting = told(newest);
    vi.spyOn(bundles, 'latestVersions').mockRejectedValueOnce(new Error('away for a moment'));
    await loseChannel();
    const version = await publish();
    await expect.poll(() => notifications.connected).toBe(true);
    expect(await waiting).toBe(version);
  });

  it('nobody misses one who read before and waits after', async () => {
    const before = newest;
    await loseChannel();
    const version = await publish();
    await expect.poll(() => notifications.connected).toBe(true);
    await pause(200); // what was missed is asked for when it comes back, with or without waiters
    expect(await told(before)).toBe(version);
  });

  it('not even where the channel does not come back', async () => {
    const waiting = told(newest);
    await notifications.close();
    expect(notifications.connected).toBe(false);
    const version = await publish();
    expect(await waiting).toBe(version);
  });
});
