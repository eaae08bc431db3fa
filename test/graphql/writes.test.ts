import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { ask, dataOf } from './ask.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

const CREATE_TEAM =
  'mutation ($input: TeamInput!, $reason: String, $dryRun: Boolean) { createTeam(input: $input, reason: $reason, dryRun: $dryRun) { name displayName etag revision } }';
const UPDATE_TEAM =
  'mutation ($name: String!, $patch: TeamPatch!, $ifMatch: String!) { updateTeam(name: $name, patch: $patch, ifMatch: $ifMatch) { name displayName description etag } }';
const DELETE_TEAM = 'mutation ($name: String!, $ifMatch: String!) { deleteTeam(name: $name, ifMatch: $ifMatch) }';

async function codeOf(query: string, variables: object = {}): Promise<string | undefined> {
  return (await ask(sluice, query, variables)).errors?.[0]?.extensions.code;
}

async function lastChange(): Promise<any> {
  const { changes } = await dataOf(
    sluice,
    '{ changes(first: 1) { nodes { revision resource name action reason actor } } }',
  );
  return changes.nodes[0];
}

describe('objects are made, changed and deleted, with the conventions of REST', () => {
  it('an etag is that of REST, and guards changes', async () => {
    const { createTeam } = await dataOf(sluice, CREATE_TEAM, { input: { name: 'web', displayName: 'Web' } });
    const { headers } = await sluice.request.get('/v1/teams/web').expect(200);
    expect(createTeam).toEqual({
      name: 'web',
      displayName: 'Web',
      etag: headers['etag'],
      revision: Number(headers['etag']!.replaceAll('"', '')),
    });

    const patch = { displayName: null, description: 'People of the web' };
    const { updateTeam } = await dataOf(sluice, UPDATE_TEAM, { name: 'web', patch, ifMatch: createTeam.etag });
    expect(updateTeam).toMatchObject({ name: 'web', displayName: null, description: 'People of the web' });
    expect(updateTeam.etag).not.toBe(createTeam.etag);
    expect(await codeOf(UPDATE_TEAM, { name: 'web', patch, ifMatch: createTeam.etag })).toBe('precondition-failed');
    expect(await codeOf(DELETE_TEAM, { name: 'web', ifMatch: createTeam.etag })).toBe('precondition-failed');
    expect(await codeOf(DELETE_TEAM, { name: 'web' })).toBe('precondition-required');
    expect(await codeOf('mutation { deleteTeam(name: "web") }')).toBe('precondition-required');

    const bare = updateTeam.etag.replaceAll('"', '');
    expect(await dataOf(sluice, DELETE_TEAM, { name: 'web', ifMatch: bare })).toEqual({ deleteTeam: true });
    expect(await codeOf(DELETE_TEAM, { name: 'web', ifMatch: '*' })).toBe('not-found');
  });

  it('what others refer to is not deleted, and they are named', async () => {
    const { data, errors } = await ask(sluice, DELETE_TEAM, { name: 'demo', ifMatch: '*' });
    expect(data).toEqual({ deleteTeam: null });
    expect(errors).toMatchObject([
      {
        path: ['deleteTeam'],
        extensions: { code: 'in-use', errors: [{ code: 'referrer', value: 'application/shop' }] },
      },
    ]);
  });

  it('a name is taken once', async () => {
    expect(await codeOf(CREATE_TEAM, { input: { name: 'demo' } })).toBe('already-exists');
  });

  it('the log keeps who, when and why', async () => {
    await dataOf(sluice, CREATE_TEAM, { input: { name: 'why' }, reason: 'because – of it' });
    expect(await lastChange()).toMatchObject({
      resource: 'team',
      name: 'why',
      action: 'create',
      actor: 'admin',
      reason: 'because – of it',
    });
    const header = { 'sluice-reason': 'from the header' };
    await ask(sluice, CREATE_TEAM, { input: { name: 'why-not' } }, header);
    expect(await lastChange()).toMatchObject({ name: 'why-not', reason: 'from the header' });
    const bad = { input: { name: 'never' }, reason: 'x'.repeat(1001) };
    const { errors } = await ask(sluice, CREATE_TEAM, bad);
    expect(errors).toMatchObject([{ extensions: { code: 'malformed', errors: [{ pointer: '#/reason' }] } }]);
  });

  it('a dry run answers the same, and stores nothing', async () => {
    const before = await lastChange();
    const { createTeam } = await dataOf(sluice, CREATE_TEAM, { input: { name: 'dry' }, dryRun: true });
    expect(createTeam).toMatchObject({ name: 'dry' });
    expect((await ask(sluice, CREATE_TEAM, { input: { name: 'demo' }, dryRun: true })).errors).toMatchObject([
      { extensions: { code: 'already-exists' } },
    ]);
    const { body } = await sluice.request
      .post('/graphql?dryRun=true')
      .send({ query: CREATE_TEAM, variables: { input: { name: 'dry' } } });
    expect(body.data.createTeam).toMatchObject({ name: 'dry' });
    expect(await lastChange()).toEqual(before);
  });

  it('an Idempotency-Key replays, whoever comes first', async () => {
    const key = { 'idempotency-key': 'one' };
    const first = await ask(sluice, CREATE_TEAM, { input: { name: 'once' } }, key);
    expect(await ask(sluice, CREATE_TEAM, { input: { name: 'once' } }, key)).toEqual(first);
    const { body } = await sluice.request.post('/v1/teams').set(key).send({ name: 'once' }).expect(201);
    expect(body).toEqual({ name: 'once' });
    expect((await ask(sluice, CREATE_TEAM, { input: { name: 'twice' } }, key)).errors).toMatchObject([
      { extensions: { code: 'idempotency-mismatch' } },
    ]);
  });

  it('an Idempotency-Key guards each write of a document', async () => {
    const query =
      'mutation { a: createTeam(input: { name: "first" }) { etag } b: createTeam(input: { name: "second" }) { etag } }';
    const first = await ask(sluice, query, {}, { 'idempotency-key': 'several' });
    expect(first.errors).toBeUndefined();
    expect(await ask(sluice, query, {}, { 'idempotency-key': 'several' })).toEqual(first);
  });

  it('a document is carried out write by write, and one that fails does not stop the rest', async () => {
    const query = `mutation { one: createTeam(input: { name: "line" }) { name } two: createTeam(input: { name: "line" }) { name }
      three: updateTeam(name: "line", patch: { displayName: "Line" }, ifMatch: "*") { displayName } }`;
    const { data, errors } = await ask(sluice, query);
    expect(data).toEqual({ one: { name: 'line' }, two: null, three: { displayName: 'Line' } });
    expect(errors).toMatchObject([{ path: ['two'], extensions: { code: 'already-exists' } }]);
  });
});

describe('every resource of the model', () => {
  it.each([
    ['Application', { name: 'blog', team: 'demo' }, { name: 'blog' }, { description: 'Words' }],
    [
      'Tier',
      {
        application: 'shop',
        name: 'cache',
        podSelector: { matchLabels: { app: 'cache' } },
        ports: [{ name: 'redis', port: 6379 }],
      },
      { application: 'shop', name: 'cache' },
      { description: 'Fast', ports: [{ name: 'redis', protocol: 'UDP', port: 6380, endPort: 6390 }] },
    ],
    [
      'Peer',
      { name: 'office', kind: 'cidr', blocks: [{ cidr: '192.0.2.0/24', environments: ['dev'] }] },
      { name: 'office' },
      { description: 'Where we sit', kind: 'internet', blocks: null },
    ],
    [
      'Environment',
      {
        name: 'lab',
        profile: { monitoring: { namespaceSelector: { matchLabels: { name: 'monitoring' } } }, dns: null },
      },
      { name: 'lab' },
      { description: 'For tries', profile: { monitoring: { portNames: ['prometheus'] } } },
    ],
    [
      'Flow',
      {
        name: 'frontend-to-database',
        from: { tier: 'shop/frontend' },
        to: { tier: 'shop/database' },
        ports: [{ name: 'mysql' }, { protocol: 'UDP', port: 99 }],
      },
      { name: 'frontend-to-database' },
      {
        description: 'Not for long',
        environments: ['dev'],
        ports: [{ port: 3306 }],
        from: { peer: 'users', tier: null },
      },
    ],
  ])('%s is created, read, changed and deleted as by REST', async (kind, input, key: Record<string, string>, patch) => {
    const named = Object.keys(key);
    const defined = named.map((field) => `$${field}: String!`).join();
    const passed = named.map((field) => `${field}: $${field}`).join();
    const fields = 'name description etag';
    const path = {
      Application: 'applications',
      Tier: 'applications/shop/tiers',
      Peer: 'peers',
      Environment: 'environments',
      Flow: 'flows',
    }[kind];
    const byRest = async () => (await sluice.request.get(`/v1/${path}/${key['name']}`).expect(200)).body;
    const rest = (value: any) => ({
      ...value,
      ...(value.ports && kind === 'Flow'
        ? { ports: value.ports.map((port: any) => port.name ?? { protocol: 'TCP', ...port }) }
        : {}),
    });

    const created = await dataOf(
      sluice,
      `mutation ($input: ${kind}Input!) { create${kind}(input: $input) { ${fields} } }`,
      { input },
    );
    expect(created[`create${kind}`]).toMatchObject({ name: key['name'], description: null });
    expect(await byRest()).toMatchObject(rest(input));
    const update = `mutation (${defined}, $patch: ${kind}Patch!, $ifMatch: String!) {
      update${kind}(${passed}, patch: $patch, ifMatch: $ifMatch) { ${fields} } }`;
    const ifMatch = created[`create${kind}`].etag;
    const updated = await dataOf(sluice, update, { ...key, patch, ifMatch });
    const stands = await byRest();
    expect(stands.description).toBe(updated[`update${kind}`].description);
    const { from: _, profile: __, blocks: ___, ...rests } = rest(patch);
    expect(stands).toMatchObject(rests);
    const word = kind.toLowerCase();
    const read = await dataOf(sluice, `query (${defined}) { ${word}(${passed}) { ${fields} } }`, key);
    expect(read[word]).toEqual(updated[`update${kind}`]);
    const remove = `mutation (${defined}, $ifMatch: String!) { delete${kind}(${passed}, ifMatch: $ifMatch) }`;
    expect(await dataOf(sluice, remove, { ...key, ifMatch: read[word].etag })).toEqual({ [`delete${kind}`]: true });
    await sluice.request.get(`/v1/${path}/${key['name']}`).expect(404);
  });

  it('merge patches reach into objects as by REST', async () => {
    const profile = { monitoring: { namespaceSelector: { matchLabels: { name: 'monitoring' } } }, defaultDeny: false };
    await sluice.request.post('/v1/environments').send({ name: 'merged', profile }).expect(201);
    const patch = {
      profile: { monitoring: { namespaceSelector: { matchLabels: { name: null, kind: 'prometheus' } } } },
    };
    await dataOf(
      sluice,
      'mutation ($patch: EnvironmentPatch!) { updateEnvironment(name: "merged", patch: $patch, ifMatch: "*") { name } }',
      { patch },
    );
    const { body } = await sluice.request.get('/v1/environments/merged').expect(200);
    expect(body.profile).toMatchObject({
      defaultDeny: false,
      monitoring: { namespaceSelector: { matchLabels: { kind: 'prometheus' } }, portNames: ['metrics'] },
    });
    expect(body.profile.monitoring.namespaceSelector.matchLabels).toEqual({ kind: 'prometheus' });
  });

  it('a placement is set and deleted', async () => {
    await sluice.request.post('/v1/applications').send({ name: 'wiki', team: 'demo' }).expect(201);
    const set = `mutation ($input: PlacementInput!, $ifMatch: String, $ifAbsent: Boolean) {
      setPlacement(input: $input, ifMatch: $ifMatch, ifAbsent: $ifAbsent) { namespace etag tiers { tier { name } labels } } }`;
    const input = { environment: 'dev', application: 'wiki', namespace: 'wiki' };
    expect(await codeOf(set, { input })).toBe('precondition-required');
    expect(await codeOf(set, { input, ifMatch: '*' })).toBe('precondition-failed');
    expect(await codeOf(set, { input, ifMatch: '*', ifAbsent: true })).toBe('malformed');
    const { setPlacement: placed } = await dataOf(sluice, set, { input, ifAbsent: true });
    expect(placed).toMatchObject({ namespace: 'wiki', tiers: [] });
    expect(await codeOf(set, { input, ifAbsent: true })).toBe('precondition-failed');
    const moved = await dataOf(sluice, set, { input: { ...input, namespace: 'words' }, ifMatch: placed.etag });
    expect(moved.setPlacement).toMatchObject({ namespace: 'words' });
    const remove = 'mutation { deletePlacement(environment: "dev", application: "wiki", ifMatch: "*") }';
    expect(await dataOf(sluice, remove)).toEqual({ deletePlacement: true });
    expect(await codeOf('{ placement(environment: "dev", application: "wiki") { namespace } }')).toBe('not-found');
    const elsewhere = { environment: 'moon', application: 'shop', namespace: 'shop' };
    expect(await codeOf(set, { input: elsewhere, ifAbsent: true })).toBe('not-found');
  });

  it('a version is published, once for the same content', async () => {
    const publish = `mutation ($expectedVersion: Int, $dryRun: Boolean) {
      publish(environment: "staging", message: "First", expectedVersion: $expectedVersion, reason: "it is time", dryRun: $dryRun)
      { created bundle { version message reason publishedBy environment { name latestBundle { version } } } } }`;
    expect(await codeOf(publish, { expectedVersion: 3 })).toBe('version-conflict');
    const dry = await dataOf(sluice, publish, { dryRun: true });
    expect(dry.publish).toMatchObject({ created: true, bundle: { version: 1, environment: { latestBundle: null } } });
    const { publish: published } = await dataOf(sluice, publish, { expectedVersion: 0 });
    expect(published).toEqual({
      created: true,
      bundle: {
        version: 1,
        message: 'First',
        reason: 'it is time',
        publishedBy: 'admin',
        environment: { name: 'staging', latestBundle: { version: 1 } },
      },
    });
    expect((await dataOf(sluice, publish)).publish).toMatchObject({ created: false, bundle: { version: 1 } });
  });
});

describe('who may do what', () => {
  it('a token without the scope is told which one', async () => {
    const { body } = await sluice.request
      .post('/v1/tokens')
      .send({ name: 'reader', scopes: ['read'] })
      .expect(201);
    const asReader = async (query: string) => (await sluice.as(body.token).post('/graphql').send({ query })).body;
    expect((await asReader('{ team(name: "demo") { name } }')).data).toEqual({ team: { name: 'demo' } });
    const { data, errors } = await asReader('mutation { createTeam(input: { name: "mine" }) { name } }');
    expect(data).toEqual({ createTeam: null });
    expect(errors).toMatchObject([{ message: expect.stringContaining('"write"'), extensions: { code: 'forbidden' } }]);
    expect((await asReader('{ tokens { nodes { name } } }')).errors).toMatchObject([
      { extensions: { code: 'forbidden' } },
    ]);
    expect((await asReader('mutation { createTeam(input: { name: 1 }) { name } }')).errors).toMatchObject([
      { extensions: { code: 'forbidden' } },
    ]);
  });
});
