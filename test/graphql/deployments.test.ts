import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { ask, dataOf } from './ask.js';

const DEV = '/v1/environments/dev/deployments';
const FIELDS =
  'cluster behind running { version digest since } lastReport { version digest result message at by } environment { name }';
const REPORT = `mutation ($environment: String!, $input: DeploymentReportInput!, $dryRun: Boolean) {
  reportDeployment(environment: $environment, input: $input, dryRun: $dryRun) { ${FIELDS} } }`;
const FORGET = `mutation ($cluster: String!, $dryRun: Boolean) {
  forgetDeployment(environment: "dev", cluster: $cluster, dryRun: $dryRun) }`;

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  const profile = { defaultDeny: false };
  await sluice.request.patch('/v1/environments/dev').set('if-match', '*').send({ profile }).expect(200);
  await sluice.request.post('/v1/environments/dev/bundles').send({}).expect(201);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});
beforeEach(() => sluice.database.pool.query('DELETE FROM deployment'));

const report = (input: object, more: object = {}) => dataOf(sluice, REPORT, { environment: 'dev', input, ...more });
const byRest = async (path: string) => (await sluice.request.get(DEV + path).expect(200)).body;

/** As GraphQL tells what REST tells: an object for the environment, null for what is absent. */
const shown = ({ environment, lastReport, ...rest }: any) => ({
  ...rest,
  environment: { name: environment },
  lastReport: { digest: null, message: null, ...lastReport },
});

describe('deployments by GraphQL', () => {
  it('are reported, shown and forgotten as by REST', async () => {
    const { reportDeployment } = await report({ cluster: 'eu-1', version: 1, result: 'applied' });
    const { deployment } = await dataOf(sluice, `{ deployment(environment: "dev", cluster: "eu-1") { ${FIELDS} } }`);
    expect(reportDeployment).toEqual(shown(await byRest('/eu-1')));
    expect(deployment).toEqual(reportDeployment);
    expect(deployment).toMatchObject({ behind: 1, running: { version: 1 }, lastReport: { result: 'applied' } });
    await report({ cluster: 'eu-1', version: 2, result: 'failed', message: 'denied' });
    expect((await byRest('/eu-1')).lastReport).toMatchObject({ version: 2, result: 'failed', message: 'denied' });
    expect(await dataOf(sluice, FORGET, { cluster: 'eu-1', dryRun: true })).toEqual({ forgetDeployment: true });
    expect(await dataOf(sluice, FORGET, { cluster: 'eu-1' })).toEqual({ forgetDeployment: true });
    expect((await ask(sluice, FORGET, { cluster: 'eu-1' })).errors).toMatchObject([
      { extensions: { code: 'not-found' } },
    ]);
  });

  it('dry are checked and not kept', async () => {
    const input = { cluster: 'eu-1', version: 2, result: 'applied' };
    expect((await report(input, { dryRun: true })).reportDeployment).toMatchObject({ behind: 0 });
    const { errors } = await ask(sluice, REPORT, { environment: 'moon', input });
    expect(errors).toMatchObject([{ message: 'environment "moon" does not exist' }]);
    expect((await byRest('')).items).toEqual([]);
  });

  it('are a list with the filters and cursors of REST', async () => {
    for (const [cluster, version, result] of [
      ['a', 2, 'applied'],
      ['b', 1, 'applied'],
      ['c', 2, 'failed'],
      ['d', 1, 'failed'],
    ] as const)
      await report({ cluster, version, result });
    const names = async (args: string): Promise<string[]> => {
      const query = `{ environment(name: "dev") { deployments${args} { nodes { cluster } } } }`;
      return (await dataOf(sluice, query)).environment.deployments.nodes.map(({ cluster }: any) => cluster);
    };
    expect(await names('')).toEqual(['a', 'b', 'c', 'd']);
    expect(await names('(behind: true)')).toEqual(['b', 'c', 'd']);
    expect(await names('(behind: false)')).toEqual(['a']);
    expect(await names('(result: failed)')).toEqual(['c', 'd']);
    expect(await names('(behind: true, result: applied)')).toEqual(['b']);
    const page = await byRest('?pageSize=1&behind=true');
    expect(await names(`(behind: true, first: 1, after: "${page.nextPageToken}")`)).toEqual(['c']);
    const query = `{ environments { nodes { name two: deployments(first: 2) { nodes { cluster } pageInfo { hasNextPage endCursor } }
      failed: deployments(result: failed) { nodes { cluster } } } } }`;
    const { environments } = await dataOf(sluice, query);
    const { two, failed } = environments.nodes[0];
    expect(two.nodes).toEqual([{ cluster: 'a' }, { cluster: 'b' }]);
    expect(two.pageInfo.hasNextPage).toBe(true);
    expect(failed.nodes).toEqual([{ cluster: 'c' }, { cluster: 'd' }]);
    expect(environments.nodes[1]).toMatchObject({ name: 'prod', two: { nodes: [] }, failed: { nodes: [] } });
    const rest = await byRest(`?pageSize=2&pageToken=${two.pageInfo.endCursor}`);
    expect(rest.items.map(({ cluster }: any) => cluster)).toEqual(['c', 'd']);
  });

  it('are open to whoever may read their environment, but for forgetting', async () => {
    const { body } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'dev-eu-1', scopes: ['read'], environment: 'dev' })
      .expect(201);
    const send = async (query: string, variables: object = {}): Promise<any> =>
      (await sluice.as(body.token).post('/graphql').send({ query, variables })).body;
    const input = { cluster: 'eu-1', version: 2, result: 'applied' };
    const { data } = await send(REPORT, { environment: 'dev', input });
    expect(data.reportDeployment.lastReport.by).toBe('dev-eu-1');
    for (const { errors } of [
      await send(REPORT, { environment: 'prod', input }),
      await send('{ environment(name: "prod") { deployments { nodes { cluster } } } }'),
      await send(FORGET, { cluster: 'eu-1' }),
    ])
      expect(errors).toMatchObject([{ extensions: { code: 'forbidden' } }]);
  });
});
