import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { statementsOf } from '../support/statements.js';
import { dataOf } from './ask.js';

const TEAMS = 20;

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  for (let n = 0; n < TEAMS; n++) await createTeam(n);
  for (let n = 0; n < TEAMS; n++) await report(n);
  for (let n = 0; n < TEAMS; n++) await receive(n);
});
afterAll(() => sluice.close());

/** A team with an application of two tiers, placed: users reach the front, which reaches the back, as the front of the team before does. */
async function createTeam(n: number): Promise<void> {
  const post = (path: string, body: object) => sluice.request.post(`/v1/${path}`).send(body).expect(201);
  const [team, application] = [`t${n}`, `a${n}`];
  await post('teams', { name: team });
  await post('applications', { name: application, team });
  for (const [at, name] of ['front', 'back'].entries()) {
    const podSelector = { matchLabels: { app: application, part: name } };
    const ports = [{ name: 'main', protocol: 'TCP', port: 80 + at }];
    await post(`applications/${application}/tiers`, { name, podSelector, ports });
  }
  const placement = { environment: 'dev', application, namespace: application };
  const put = sluice.request.put(`/v1/environments/dev/placements/${application}`);
  await put.set('if-none-match', '*').send(placement).expect(201);
  const to = (tier: string) => ({ to: { tier: `${application}/${tier}` }, ports: ['main'] });
  await post('flows', { name: `users-${application}`, from: { peer: 'users' }, ...to('front') });
  for (const caller of n === 0 ? [application] : [application, `a${n - 1}`])
    await post('flows', { name: `${caller}-${application}`, from: { tier: `${caller}/front` }, ...to('back') });
}

/** A cluster that runs dev. */
async function report(n: number): Promise<void> {
  const body = { cluster: `c${n}`, version: 1, result: 'applied' };
  await sluice.request.post('/v1/environments/dev/deployments').send(body).expect(201);
}

/** A webhook that nothing is sent to. */
async function receive(n: number): Promise<void> {
  const body = { name: `w${n}`, url: 'https://hooks.example.com', enabled: false, environments: ['dev'] };
  await sluice.request.post('/v1/webhooks').send(body).expect(201);
}

/** How many fields stand within each other: what a query has time for, one round trip for each. */
function depthOf(query: string): number {
  let [depth, most] = [0, 0];
  for (const character of query) {
    if (character === '{') most = Math.max(most, ++depth);
    if (character === '}') depth--;
  }
  return most;
}

const END = '{ ... on Tier { name } ... on Peer { name } }';

const ALLOWED = 'from: "shop/frontend", to: "shop/backend", port: "api"';
const DENIED = 'from: "shop/frontend", to: "shop/database"';

describe('a query takes a round trip for each level at most, however many objects there are', () => {
  it.each([
    [
      'teams.applications.tiers.inbound.source',
      `teams(first: N) { nodes { applications { tiers { inbound { source ${END} } } } } }`,
    ],
    [
      'teams.applications.tiers',
      'teams(first: N) { nodes { name applications { name tiers { name ports { name } } } } }',
    ],
    ['applications.team', 'applications(first: N) { nodes { team { name } } }'],
    ['applications.placements.environment', 'applications(first: N) { nodes { placements { environment { name } } } }'],
    [
      'flows.destination.outbound.destination',
      `flows(first: N) { nodes { destination { ... on Tier { outbound { destination ${END} } } } } }`,
    ],
    ['flows.environments', 'flows(first: N) { nodes { environments { name } } }'],
    ['flows.networkPolicies.bundle', 'flows(first: N) { nodes { networkPolicies { name bundle { version } } } }'],
    ['peers.flows.source', `peers(first: N) { nodes { flows { source ${END} } } }`],
    [
      'environments.bundles.environment',
      'environments(first: N) { nodes { bundles(first: 3) { nodes { environment { name } } } } }',
    ],
    [
      'environments.deployments.environment',
      'environments(first: N) { nodes { deployments(first: 9) { nodes { cluster running { since } environment { name } } } } }',
    ],
    [
      'environment.deployments.environment',
      'environment(name: "dev") { deployments(first: N) { nodes { cluster environment { name } } } }',
    ],
    [
      'environments.deployments of several kinds',
      `environments(first: N) { nodes { behind: deployments(behind: true) { nodes { cluster } }
        failed: deployments(result: failed, first: 2) { nodes { cluster } } all: deployments { nodes { cluster } } } }`,
    ],
    [
      'environments.latestBundle.objects.tier',
      'environments(first: N) { nodes { latestBundle { objects { tier { name } } } } }',
    ],
    [
      'environments.placements.application.tiers',
      'environments(first: N) { nodes { placements { application { tiers { name } } } } }',
    ],
    [
      'teams.applications.tiers.reaches.end',
      `teams(first: N) { nodes { applications { tiers { reaches(environment: "dev", maxHops: 3, first: 9) { end ${END} } } } } }`,
    ],
    [
      'flows.destination.reachedBy.hops.flows',
      `flows(first: N) { nodes { destination { ... on Tier { reachedBy(environment: "dev", first: 9) { end ${END} hops { flows { name } } } } } } }`,
    ],
    [
      'environments.verdict.flows.declared',
      `environments(first: N) { nodes { verdict(${ALLOWED}) { sentences flows { flow { name } declared { actor } } mends { path } } } }`,
    ],
    [
      'environments.verdict.egress.objects.rules.flows',
      `environments(first: N) { nodes { verdict(${ALLOWED}) { egress { objects { rules { flows { name } } } } } } }`,
    ],
    ['environments.verdict.mends', `environments(first: N) { nodes { verdict(${DENIED}) { mends { path } } } }`],
    [
      'webhooks.deliveries.attempts',
      'webhooks(first: N) { nodes { keys { id } environments { name } deliveries(first: 2) { nodes { id attempts { status } } } } }',
    ],
    ['peers.reaches.end', `peers(first: N) { nodes { reaches(environment: "dev", first: 9) { end ${END} } } }`],
  ])('%s', async (_, fields) => {
    const counts: number[] = [];
    for (const first of [2, TEAMS]) {
      const query = `{ ${fields.replace('N', String(first))} }`;
      await dataOf(sluice, query); // the token, the plans and the indexes are known now
      // the fewer of two: a token is read again every ten seconds, at any moment
      const measure = () => statementsOf(() => dataOf(sluice, query));
      counts.push(Math.min(await measure(), await measure()));
    }
    const [few = 0, many = 0] = counts;
    expect(many).toBe(few);
    expect(many).toBeGreaterThan(0);
    expect(many).toBeLessThanOrEqual(depthOf(fields));
  });

  it('counts what is sent', async () => {
    expect(await statementsOf(() => sluice.database.pool.query('SELECT 1'))).toBe(1);
  });

  it('a write begins anew: what comes after it is read after it', async () => {
    const query = `mutation {
      one: updateTeam(name: "t1", patch: { displayName: "One" }, ifMatch: "*") { displayName applications { team { displayName } } }
      two: updateTeam(name: "t1", patch: { displayName: "Two" }, ifMatch: "*") { displayName applications { team { displayName } } } }`;
    const { one, two } = await dataOf(sluice, query);
    expect(one.applications[0].team).toEqual({ displayName: 'One' });
    expect(two.applications[0].team).toEqual({ displayName: 'Two' });
  });
});
