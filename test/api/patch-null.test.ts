import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_DNS } from '../../src/domain/model/entities.js';
import { dataOf } from '../graphql/ask.js';
import { startTestApp, type TestApp } from '../support/app.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
});
afterAll(() => sluice.close());

const GRAPHQL = `mutation ($patch: EnvironmentPatch!) {
  updateEnvironment(name: "lab", patch: $patch, ifMatch: "*") { profile { dns { ports { port } } monitoring { portNames } } } }`;

const byRest = async (patch: object) => {
  const { body } = await sluice.request.patch('/v1/environments/lab').set('if-match', '*').send(patch).expect(200);
  return body.profile;
};
const byGraphQL = async (patch: object) => {
  await dataOf(sluice, GRAPHQL, { patch });
  return (await sluice.request.get('/v1/environments/lab').expect(200)).body.profile;
};

describe.each([
  ['REST', byRest],
  ['GraphQL', byGraphQL],
])('null in a patch by %s', (_, patched) => {
  it('is the value where null is one: no DNS rule, as in a PUT', async () => {
    const put = (profile: object) => sluice.request.put('/v1/environments/lab').set(headers).send({ profile });
    let headers: Record<string, string> = { 'if-none-match': '*' };
    if ((await sluice.request.get('/v1/environments/lab')).status === 200) headers = { 'if-match': '*' };
    await put({}).expect((answer) => expect(answer.body.profile.dns).toEqual(DEFAULT_DNS));
    headers = { 'if-match': '*' };

    expect((await patched({ profile: { dns: null } })).dns).toBeNull();
    expect((await patched({ profile: { nodeCidrs: ['10.0.0.0/24'] } })).dns).toBeNull();
    const { body } = await put({ dns: null, nodeCidrs: ['10.0.0.0/24'] }).expect(200);
    expect((await patched({ profile: { dns: null } })).dns).toEqual(body.profile.dns);
    expect((await patched({ profile: { dns: {} } })).dns).toEqual(DEFAULT_DNS);
  });

  it('is no monitoring, and takes every other field away', async () => {
    const monitoring = { namespaceSelector: { matchLabels: { name: 'monitoring' } } };
    const dns = { ports: [{ protocol: 'UDP', port: 5353 }] };
    const set = await patched({ profile: { monitoring, dns }, displayName: 'Lab' });
    expect([set.monitoring.portNames, set.dns.ports]).toEqual([['metrics'], dns.ports]);
    const cleared = await patched({ profile: { monitoring: null, dns: { ports: null } }, displayName: null });
    expect([cleared.monitoring, cleared.dns]).toEqual([null, DEFAULT_DNS]);
    expect((await sluice.request.get('/v1/environments/lab').expect(200)).body).not.toHaveProperty('displayName');
  });
});
