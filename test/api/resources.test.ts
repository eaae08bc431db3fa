import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { type Kind, KINDS, told } from './kinds.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(() => sluice.close());

async function revision(): Promise<number> {
  const { body } = await sluice.request.get('/v1/changes?pageSize=1').expect(200);
  return body.items[0]?.revision ?? 0;
}

describe('what others refer to', () => {
  it.each([
    ['/v1/teams/demo', 'team "demo"', ['application/shop']],
    ['/v1/applications/shop', 'application "shop"', ['tier/shop/backend', 'tier/shop/frontend', 'placement/dev/shop']],
    [
      '/v1/applications/shop/tiers/backend',
      'tier "shop/backend"',
      ['flow/backend-to-database', 'flow/frontend-to-backend'],
    ],
    ['/v1/peers/users', 'peer "users"', ['flow/users-to-frontend']],
    ['/v1/environments/dev', 'environment "dev"', ['placement/dev/shop', 'bundle/dev/1']],
  ])('stays: DELETE %s names them', async (path, title, referrers) => {
    const before = await revision();
    for (const query of ['', '?dryRun=true']) {
      const { body } = await sluice.request
        .delete(path + query)
        .set('if-match', '*')
        .expect(409);
      expect(body.code).toBe('in-use');
      expect(body.detail.startsWith(`${title} is in use by `)).toBe(true);
      for (const referrer of referrers) {
        expect(body.detail).toContain(referrer);
        expect(body.errors).toContainEqual({
          pointer: '#',
          code: 'referrer',
          detail: `${referrer} refers to ${title}`,
          value: referrer,
        });
      }
    }
    await sluice.request.get(path).expect(200);
    expect(await revision()).toBe(before);
  });
});

describe.each(KINDS)('$word', (kind: Kind) => {
  const at = (name: string) => `${kind.collection}/${name}`;

  /** Puts a new object; gives its path and ETag. */
  async function make(name: string): Promise<{ path: string; etag: string }> {
    await kind.before?.(sluice, name);
    const path = at(name);
    const { headers } = await sluice.request.put(path).set('if-none-match', '*').send(kind.body(name)).expect(201);
    return { path, etag: String(headers['etag']) };
  }

  it.runIf(kind.posted)('is created by POST, and found where Location says', async () => {
    const name = `post-${kind.word}`;
    const created = await sluice.request.post(kind.collection).send(kind.body(name)).expect(201);
    expect(told(created.body)).toEqual(kind.body(name));
    expect(created.headers['location']).toBe(at(name));
    expect(created.headers['etag']).toMatch(/^"[0-9]+"$/);
    const got = await sluice.request.get(String(created.headers['location'])).expect(200);
    expect(got.body).toEqual(kind.body(name));
    expect(got.headers['etag']).toBe(created.headers['etag']);

    const again = await sluice.request.post(kind.collection).send(kind.body(name)).expect(409);
    expect(again.body).toMatchObject({ code: 'already-exists', detail: `${kind.title(name)} exists already` });
  });

  it('is created by PUT with If-None-Match: *, once', async () => {
    const name = `put-${kind.word}`;
    await kind.before?.(sluice, name);
    const put = () => sluice.request.put(at(name)).set('if-none-match', '*').send(kind.body(name));
    const { headers, body } = await put().expect(201);
    expect(headers['location']).toBe(at(name));
    expect(told(body)).toEqual(kind.body(name));
    const { body: problem } = await put().expect(412);
    expect(problem).toMatchObject({ code: 'precondition-failed', detail: expect.stringContaining(kind.title(name)) });
  });

  it('need not repeat the name that the path gives', async () => {
    const name = `bare-${kind.word}`;
    await kind.before?.(sluice, name);
    const fields: Record<string, unknown> = { ...kind.body(name) };
    for (const field of ['name', 'application', 'environment'])
      if (fields[field] === name || kind.collection.includes(`/${String(fields[field])}/`)) delete fields[field];
    const { body } = await sluice.request.put(at(name)).set('if-none-match', '*').send(fields).expect(201);
    expect(told(body)).toEqual(kind.body(name));
  });

  it('answers 304 to its own ETag', async () => {
    const { path, etag } = await make(`etag-${kind.word}`);
    const unchanged = await sluice.request.get(path).set('if-none-match', `"x", W/${etag}`).expect(304);
    expect(unchanged.text).toBe('');
    expect(unchanged.headers['etag']).toBe(etag);
    await sluice.request.get(path).set('if-none-match', '"x"').expect(200);
    const head = await sluice.request.head(path).expect(200);
    expect(head.headers['etag']).toBe(etag);
  });

  it('is replaced by PUT, with its ETag only', async () => {
    const name = `replace-${kind.word}`;
    const { path, etag } = await make(name);
    const changed = { ...kind.body(name), ...withoutNulls(kind.change) };

    const unconditional = await sluice.request.put(path).send(changed).expect(428);
    expect(unconditional.body).toMatchObject({
      code: 'precondition-required',
      detail: expect.stringContaining(kind.title(name)),
    });
    const stale = await sluice.request.put(path).set('if-match', '"0"').send(changed).expect(412);
    expect(stale.body.detail).toBe(`${kind.title(name)} was changed: its ETag is ${etag}, If-Match has "0"`);
    await sluice.request.put(path).set('if-match', `W/${etag}`).send(changed).expect(412);
    await sluice.request.put(path).set('if-match', etag).set('if-none-match', '*').send(changed).expect(400);

    const replaced = await sluice.request.put(path).set('if-match', `"0", ${etag}`).send(changed).expect(200);
    expect(replaced.body).toEqual(changed);
    expect(replaced.headers['location']).toBeUndefined();
    expect(replaced.headers['etag']).not.toBe(etag);
    await sluice.request.put(path).set('if-match', etag).send(changed).expect(412);
    await sluice.request.put(path).set('if-match', '*').send(kind.body(name)).expect(200);
  });

  it('keeps its ETag and makes no revision where nothing changes', async () => {
    const name = `same-${kind.word}`;
    const { path, etag } = await make(name);
    const before = await revision();
    const put = await sluice.request.put(path).set('if-match', etag).send(kind.body(name)).expect(200);
    expect(put.headers['etag']).toBe(etag);
    expect(await revision()).toBe(before);
  });

  it.runIf(kind.posted)('is changed by a merge patch of either media type, null taking a field away', async () => {
    const name = `patch-${kind.word}`;
    const { path, etag } = await make(name);
    const merged = await sluice.request
      .patch(path)
      .set('if-match', etag)
      .type('application/merge-patch+json')
      .send(JSON.stringify(kind.change))
      .expect(200);
    expect(merged.body).toMatchObject(withoutNulls(kind.change));
    for (const [field, value] of Object.entries(kind.change))
      if (value === null) expect(merged.body).not.toHaveProperty(field);

    const json = await sluice.request.patch(path).set('if-match', '*').send(kind.body(name)).expect(200);
    expect(json.body).toMatchObject(kind.body(name));
    const empty = await sluice.request.patch(path).set('if-match', '*').send({}).expect(200);
    expect(empty.headers['etag']).toBe(json.headers['etag']);

    await sluice.request.patch(path).send(kind.change).expect(428);
    await sluice.request.patch(path).set('if-match', '"0"').send(kind.change).expect(412);
    const type = await sluice.request.patch(path).set('if-match', '*').type('text/plain').send('x').expect(415);
    expect(type.body).toMatchObject({ code: 'unsupported-media-type' });
    expect(type.headers['accept-patch']).toContain('application/merge-patch+json');
  });

  it('is deleted with its ETag only', async () => {
    const name = `delete-${kind.word}`;
    const { path, etag } = await make(name);
    await sluice.request.delete(path).expect(428);
    await sluice.request.delete(path).set('if-match', '"0"').expect(412);
    const { text } = await sluice.request.delete(path).set('if-match', etag).expect(204);
    expect(text).toBe('');
    await sluice.request.get(path).expect(404);
    await sluice.request.put(path).set('if-none-match', '*').send(kind.body(name)).expect(201);
    expect((await sluice.request.get(path).expect(200)).headers['etag']).not.toBe(etag);
  });

  it('is named where it does not exist', async () => {
    const path = at('nobody');
    const detail = `${kind.title('nobody')} does not exist`;
    const missing = { code: 'not-found', status: 404, title: 'Not Found', detail };
    expect((await sluice.request.get(path).expect(404)).body).toMatchObject(missing);
    expect((await sluice.request.delete(path).set('if-match', '*').expect(404)).body).toMatchObject(missing);
    if (kind.posted)
      expect((await sluice.request.patch(path).set('if-match', '*').send({}).expect(404)).body).toMatchObject(missing);
    const put = await sluice.request.put(path).set('if-match', '*').send(kind.body('nobody')).expect(412);
    expect(put.body.detail).toContain(detail);
    await sluice.request.put(path).send(kind.body('nobody')).expect(428);
  });

  it('keeps its name', async () => {
    const { path } = await make(`name-${kind.word}`);
    const body = { ...kind.body(`name-${kind.word}`), [kind.nameField]: 'another' };
    const { body: problem } = await sluice.request.put(path).set('if-match', '*').send(body).expect(422);
    expect(problem.errors).toContainEqual({
      pointer: `#/${kind.nameField}`,
      code: 'name-mismatch',
      detail: expect.stringContaining('names are immutable'),
      value: 'another',
    });
  });

  it('stores nothing in a dry run, which answers as the real one would', async () => {
    const standing = await make(`dry-${kind.word}`);
    const name = `dry-run-${kind.word}`;
    await kind.before?.(sluice, name);
    const before = await revision();
    const body = kind.body(name);

    if (kind.posted) {
      const created = await sluice.request.post(`${kind.collection}?dryRun=true`).send(body).expect(201);
      expect(created.body).toEqual(body);
      expect(created.headers['location']).toBe(at(name));
      await sluice.request
        .post(`${kind.collection}?dryRun=true`)
        .send(kind.body(`dry-${kind.word}`))
        .expect(409);
      const patch = sluice.request.patch(`${standing.path}?dryRun=true`).set('if-match', standing.etag);
      expect((await patch.send(kind.change).expect(200)).body).toMatchObject(withoutNulls(kind.change));
    }
    await sluice.request
      .put(`${at(name)}?dryRun=true`)
      .set('if-none-match', '*')
      .send(body)
      .expect(201);
    await sluice.request
      .put(`${at(name)}?dryRun=true`)
      .set('if-none-match', '*')
      .send({ what: 1 })
      .expect(422);
    await sluice.request.put(`${standing.path}?dryRun=true`).send(body).expect(428);
    await sluice.request.delete(`${standing.path}?dryRun=true`).set('if-match', standing.etag).expect(204);

    await sluice.request.get(at(name)).expect(404);
    const { body: kept, headers } = await sluice.request.get(standing.path).expect(200);
    expect(kept).toEqual(kind.body(`dry-${kind.word}`));
    expect(headers['etag']).toBe(standing.etag);
    expect(await revision()).toBe(before);
  });

  it('refuses what it does not know in the query of a write: a misspelt dryRun would be a real one', async () => {
    const { path } = await make(`query-${kind.word}`);
    const before = await revision();
    for (const [query, code] of [
      ['dryrun=true', 'unknown-parameter'],
      ['dryRun=1', 'wrong-value'],
      ['dryRun=true&dryRun=true', 'wrong-value'],
    ]) {
      const refused = await sluice.request.delete(`${path}?${query}`).set('if-match', '*').expect(400);
      expect(refused.body.errors).toMatchObject([{ code }]);
      await sluice.request.put(`${path}?${query}`).set('if-match', '*').send({}).expect(400);
      if (!kind.posted) continue;
      await sluice.request.patch(`${path}?${query}`).set('if-match', '*').send(kind.change).expect(400);
      await sluice.request
        .post(`${kind.collection}?${query}`)
        .send(kind.body(`never-${kind.word}`))
        .expect(400);
    }
    expect(await revision()).toBe(before);
  });
});

describe('what comes in another order, or empty', () => {
  it.each([
    [
      '/v1/flows/unordered',
      {
        ...{ from: { peer: 'users' }, to: { tier: 'shop/backend' }, ports: [{ port: 9 }, { port: 8 }] },
        ...{ environments: ['staging', 'dev', 'prod'], labels: { b: '', a: '' } },
      },
    ],
    [
      '/v1/peers/unordered',
      {
        kind: 'cidr',
        blocks: [{ cidr: '192.0.2.0/24', environments: ['prod', 'dev'], except: [] }, { cidr: '10.0.0.0/8' }],
      },
    ],
    [
      '/v1/environments/staging/placements/shop',
      {
        namespace: 'shop',
        tiers: [
          { tier: 'frontend', ports: [] },
          { tier: 'backend', labels: {} },
          { tier: 'database', ports: [{ name: 'mysql', port: 3307 }] },
        ],
      },
    ],
    [
      '/v1/applications/shop/tiers/unordered',
      {
        podSelector: {
          matchExpressions: [{ values: ['b', 'a'], operator: 'In', key: 'app' }],
          matchLabels: { z: '', a: '' },
        },
      },
    ],
  ])('is the same for %s when it is sent again, and is read as it was answered', async (path, body) => {
    const standing = await sluice.request.get(path);
    const header = standing.status === 200 ? { 'if-match': '*' } : { 'if-none-match': '*' };
    const first = await sluice.request.put(path).set(header).send(body);
    expect([200, 201]).toContain(first.status);
    const read = await sluice.request.get(path).expect(200);
    expect(read.body).toEqual(first.body);
    expect(read.headers['etag']).toBe(first.headers['etag']);
    for (const again of [body, first.body]) {
      const { headers } = await sluice.request.put(path).set('if-match', '*').send(again).expect(200);
      expect(headers['etag']).toBe(first.headers['etag']);
    }
  });
});

describe('writes at once', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => i);

  it('make an object once', async () => {
    const answers = await Promise.all(twenty.map(() => sluice.request.post('/v1/teams').send({ name: 'raced' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });

  it('with the same ETag change it once: no change is lost', async () => {
    const { headers } = await sluice.request.get('/v1/teams/raced').expect(200);
    const answers = await Promise.all(
      twenty.map((i) =>
        sluice.request
          .patch('/v1/teams/raced')
          .set('if-match', String(headers['etag']))
          .send({ displayName: `Number ${i}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  });

  it('take it away once, also from under those who would refer to it', async () => {
    const answers = await Promise.all(
      twenty.map((i) =>
        i % 2
          ? sluice.request.delete('/v1/teams/raced').set('if-match', '*')
          : sluice.request.post('/v1/applications').send({ name: `raced-${i}`, team: 'raced' }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.every((status) => [201, 204, 404, 409, 422].includes(status))).toBe(true);
    const { status } = await sluice.request.get('/v1/teams/raced');
    expect(status).toBe(statuses.includes(201) ? 200 : 404);
    await sluice.as(undefined).get('/readyz').expect(200);
  });
});

describe('what stands in the path before a name', () => {
  it.each([
    ['GET', '/v1/applications/nope/tiers', 'application "nope" does not exist'],
    ['POST', '/v1/applications/nope/tiers', 'application "nope" does not exist'],
    ['PUT', '/v1/applications/nope/tiers/web', 'application "nope" does not exist'],
    ['GET', '/v1/environments/nope/placements', 'environment "nope" does not exist'],
    ['PUT', '/v1/environments/nope/placements/shop', 'environment "nope" does not exist'],
    ['PUT', '/v1/environments/dev/placements/nope', 'application "nope" does not exist'],
    ['GET', '/v1/applications/N%00PE/tiers', 'application "N\\u0000PE" does not exist'],
    ['POST', '/v1/applications/%F0%9F%98%80/tiers', 'application "😀" does not exist'],
    ['GET', '/v1/environments/%00/placements', 'environment "\\u0000" does not exist'],
    ['PUT', '/v1/environments/%00/placements/shop', 'environment "\\u0000" does not exist'],
  ] as const)('is named where it does not exist: %s %s', async (method, path, detail) => {
    const body = path.includes('tiers') ? { name: 'web', podSelector: {} } : { namespace: 'web' };
    const call = sluice.request[method.toLowerCase() as 'get' | 'post' | 'put'](path);
    const sent = method === 'GET' ? call : call.set('if-none-match', method === 'PUT' ? '*' : '').send(body);
    const answer = await sent.expect(404);
    expect(answer.body).toMatchObject({ code: 'not-found', detail });
  });

  it('may not be contradicted by the body', async () => {
    const body = { application: 'nope', name: 'web', podSelector: { matchLabels: { app: 'web' } } };
    const { body: problem } = await sluice.request.post('/v1/applications/shop/tiers').send(body).expect(422);
    expect(problem.errors).toMatchObject([{ pointer: '#/application', code: 'name-mismatch', value: 'nope' }]);
  });
});

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
