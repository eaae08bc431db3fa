import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isWellFormed, newSecret } from '../../src/platform/auth/token-secret.js';
import { TokenStore } from '../../src/store/token.store.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;
/** Another process, as far as the database can tell. */
let other: TestApp;
let made = 0;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  other = await startTestApp({ databaseUrl: sluice.databaseUrl, token: sluice.token });
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await other.close();
  await sluice.close();
});

interface Made {
  readonly id: string;
  readonly token: string;
  readonly name: string;
}

async function make(fields: object = {}): Promise<Made> {
  const body = { name: `token-${++made}`, scopes: ['read'], ...fields };
  return (await sluice.request.post('/v1/tokens').send(body).expect(201)).body;
}

async function rows(sql: string, ...values: unknown[]): Promise<any[]> {
  return (await sluice.database.pool.query(sql, values)).rows;
}

describe('the form', () => {
  it('is slc_, 30 characters and their checksum, each time another', async () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of [...secrets, (await make()).token, sluice.token]) {
      expect(secret).toMatch(/^slc_[0-9A-Za-z]{36}$/);
      expect(isWellFormed(secret)).toBe(true);
    }
  });

  it('tells any single wrong character', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- ');
    const wrong = fc.record({ at: fc.nat(39), character });
    const secret = newSecret();
    fc.assert(
      fc.property(wrong, ({ at, character }) => {
        const flipped = secret.slice(0, at) + character + secret.slice(at + 1);
        return flipped === secret || !isWellFormed(flipped);
      }),
      runs(2000),
    );
    for (const text of [secret.slice(1), secret.slice(0, -1), `${secret}0`, `${secret}\n`, '', 'slc_'])
      expect(isWellFormed(text)).toBe(false);
  });

  it('is tested before any query', async () => {
    const asked = vi.spyOn(sluice.app.get(TokenStore), 'byHash');
    try {
      const secret = newSecret();
      for (let at = 0; at < secret.length; at++) {
        const flipped = secret.slice(0, at) + (secret[at] === 'a' ? 'b' : 'a') + secret.slice(at + 1);
        const { body } = await sluice.as(flipped).get('/v1/teams').expect(401);
        expect(body.detail).toBe('this is not a token of Sluice: its form or its checksum is wrong');
      }
      expect(asked).not.toHaveBeenCalled();
      const { body } = await sluice.as(secret).get('/v1/teams').expect(401);
      expect(body.detail).toBe('this token is unknown or was revoked');
      expect(asked).toHaveBeenCalledOnce();
    } finally {
      asked.mockRestore();
    }
  });
});

describe('what is kept', () => {
  it('is a hash only', async () => {
    const { token, id } = await make({ name: 'hashed' });
    const [row] = await rows('SELECT * FROM token WHERE id = $1', id);
    expect(row.hash).toBe(createHash('sha256').update(token).digest('hex'));
    for (const table of ['token', 'idempotency_key', 'change', 'bundle']) {
      const [{ found }] = await rows(
        `SELECT count(*) AS found FROM ${table} t WHERE t::text LIKE $1`,
        `%${token.slice(4, 30)}%`,
      );
      expect(Number(found), table).toBe(0);
    }
  });

  it('is shown without the secret', async () => {
    const { token, ...view } = await make({ name: 'shown', scopes: ['read', 'publish'], environment: 'dev' });
    expect(view).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'shown',
      scopes: ['read', 'publish'],
      environment: 'dev',
      createdBy: 'admin',
      createdAt: expect.stringMatching(/Z$/),
    });
    const got = await sluice.request.get(`/v1/tokens/${view.id}`).expect(200);
    expect(got.body).toEqual(view);
    const { text, body } = await sluice.request.get('/v1/tokens?pageSize=500').expect(200);
    expect(text).not.toContain('slc_');
    expect(body.items).toContainEqual(view);
    expect(token).toMatch(/^slc_/);
  });

  it('tells when a token was last used', async () => {
    const { token, id } = await make();
    const used = async () => (await sluice.request.get(`/v1/tokens/${id}`).expect(200)).body.lastUsedAt;
    expect(await used()).toBeUndefined();
    const before = Date.now();
    await sluice.as(token).get('/v1/teams').expect(200);
    await expect.poll(used).toMatch(/Z$/);
    expect(Date.parse(await used())).toBeGreaterThanOrEqual(before - 5);
  });

  it('comes in pages, the revoked ones only where they are asked for', async () => {
    const gone = await make();
    await sluice.request.delete(`/v1/tokens/${gone.id}`).set('sluice-reason', 'left the team').expect(204);
    const ids = async (path: string): Promise<string[]> => {
      const { body, headers } = await sluice.request.get(path).expect(200);
      const next = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1];
      return [...body.items.map(({ id }: any) => id), ...(next === undefined ? [] : await ids(next))];
    };
    const living = await ids('/v1/tokens?pageSize=2');
    expect(living).toEqual([...new Set(living)].sort());
    expect(living).not.toContain(gone.id);
    expect(await ids('/v1/tokens?pageSize=2&revoked=true')).toContain(gone.id);
    const { body } = await sluice.request.get('/v1/tokens?revoked=true&pageSize=500').expect(200);
    expect(body.items.find(({ id }: any) => id === gone.id)).toMatchObject({ revokedBy: 'admin' });
    await sluice.request.get(`/v1/tokens/${gone.id}`).expect(404);
  });

  it('has one living token a name', async () => {
    const first = await make({ name: 'unique' });
    const again = () => sluice.request.post('/v1/tokens').send({ name: 'unique', scopes: ['read'] });
    const { body } = await again().expect(409);
    expect(body).toMatchObject({ code: 'already-exists', detail: 'token "unique" exists already' });
    await sluice.request.delete(`/v1/tokens/${first.id}`).expect(204);
    await again().expect(201);
  });

  it('has one of twenty made at once by the same name, and the others are told so', async () => {
    const body = { name: 'raced', scopes: ['read'] };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? sluice : other).request.post('/v1/tokens').send(body)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });

  it('stores nothing in a dry run, and gives no secret', async () => {
    const body = { name: 'dry', scopes: ['read'] };
    const { body: dry } = await sluice.request.post('/v1/tokens?dryRun=true').send(body).expect(201);
    expect(dry).not.toHaveProperty('token');
    const standing = await make();
    await sluice.request.delete(`/v1/tokens/${standing.id}?dryRun=true`).expect(204);
    await sluice.as(standing.token).get('/v1/teams').expect(200);
    await sluice.request.post('/v1/tokens?dryrun=true').send(body).expect(400);
    expect(await rows(`SELECT 1 FROM token WHERE name = 'dry'`)).toEqual([]);
  });
});

/** What each scope is for. */
const DOORS = [
  ['read', 'GET', '/v1/teams', 200],
  ['read', 'GET', '/v1/changes', 200],
  ['read', 'GET', '/v1/environments/dev/bundles/1/manifests', 200],
  ['read', 'GET', '/v1/environments/dev/preview', 200],
  ['read', 'GET', '/metrics', 200],
  ['write', 'POST', '/v1/teams?dryRun=true', 201],
  ['write', 'PUT', '/v1/environments/dev/placements/shop?dryRun=true', 200],
  ['write', 'PATCH', '/v1/teams/demo?dryRun=true', 200],
  ['write', 'DELETE', '/v1/flows/users-to-frontend?dryRun=true', 204],
  ['publish', 'POST', '/v1/environments/dev/bundles?dryRun=true', 200],
  ['admin', 'GET', '/v1/tokens', 200],
  ['admin', 'POST', '/v1/tokens?dryRun=true', 201],
  ['admin', 'DELETE', '/v1/tokens/00000000-0000-0000-0000-000000000000?dryRun=true', 404],
] as const;
const IMPLIES = {
  read: ['read'],
  write: ['read', 'write'],
  publish: ['read', 'publish'],
  admin: ['read', 'write', 'publish', 'admin'],
};

describe('scopes', () => {
  const bodies: Record<string, object> = {
    '/v1/teams?dryRun=true': { name: 'new' },
    '/v1/environments/dev/placements/shop?dryRun=true': { namespace: 'shop' },
    '/v1/tokens?dryRun=true': { name: 'new', scopes: ['read'] },
  };
  const knock = (secret: string, method: string, path: string) => {
    const call = sluice.as(secret)[method.toLowerCase() as 'get'](path).set('if-match', '*');
    return method === 'GET' || method === 'DELETE' ? call : call.send(bodies[path] ?? {});
  };

  it.each(['read', 'write', 'publish', 'admin'] as const)('%s opens its doors and no others', async (scope) => {
    const { token } = await make({ scopes: [scope] });
    for (const [needed, method, path, status] of DOORS) {
      const answer = await knock(token, method, path);
      if (IMPLIES[scope].includes(needed)) {
        expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} ${status}`);
        continue;
      }
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 403`);
      expect(answer.body).toMatchObject({
        code: 'forbidden',
        detail: `this needs a token with the scope "${needed}" (yours has: ${scope})`,
      });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    }
  });

  it('bound to an environment hold there only; the shared model may be read', async () => {
    const { token } = await make({ scopes: ['write', 'publish'], environment: 'dev' });
    for (const [method, path, status] of [
      ['GET', '/v1/teams', 200],
      ['GET', '/v1/environments/dev/bundles/1', 200],
      ['GET', '/v1/environments/dev/connections', 200],
      ['PUT', '/v1/environments/dev/placements/shop?dryRun=true', 200],
      ['POST', '/v1/environments/dev/bundles?dryRun=true', 200],
      ['GET', '/v1/environments/prod/preview', 403],
      ['GET', '/v1/environments/prod/connections', 403],
      ['GET', '/v1/environments/prod/placements/shop', 403],
      ['GET', '/v1/environments/dev/bundles/1/diff/draft?environment=prod', 403],
      ['PUT', '/v1/environments/prod/placements/shop?dryRun=true', 403],
      ['POST', '/v1/environments/prod/bundles?dryRun=true', 403],
      ['POST', '/v1/teams?dryRun=true', 403],
      ['PATCH', '/v1/environments/dev?dryRun=true', 403],
      ['DELETE', '/v1/flows/users-to-frontend?dryRun=true', 403],
    ] as const) {
      const answer = await knock(token, method, path);
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} ${status}`);
      if (status === 403)
        expect(answer.body.detail).toMatch(/^this token is bound to environment "dev": it has no scope/);
    }
  });
});

describe('401', () => {
  it.each([
    [undefined, 'send Authorization: Bearer <token>, or Basic with the token as password'],
    ['Bearer', 'this is not a token of Sluice: its form or its checksum is wrong'],
    ['Bearer nonsense', 'this is not a token of Sluice: its form or its checksum is wrong'],
    [`Bearer ${newSecret()}`, 'this token is unknown or was revoked'],
    [`Bearer ${newSecret()} x`, 'send Authorization: Bearer <token>, or Basic with the token as password'],
    [newSecret(), 'send Authorization: Bearer <token>, or Basic with the token as password'],
    [`Basic ${Buffer.from(`x:${newSecret()}`).toString('base64')}`, 'this token is unknown or was revoked'],
  ])('challenges %s', async (authorization, detail) => {
    const call = sluice.as(undefined).get('/v1/teams');
    const { body, headers } = await (authorization === undefined ? call : call.set({ authorization })).expect(401);
    expect(body).toMatchObject({ code: 'unauthenticated', status: 401, detail });
    expect(headers['www-authenticate']).toBe('Bearer realm="sluice", Basic realm="sluice", charset="UTF-8"');
    expect(headers['content-type']).toContain('application/problem+json');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('comes before anything else is looked at', async () => {
    for (const [method, path] of [
      ['post', '/v1/teams'],
      ['get', '/v1/teams/nobody'],
      ['get', '/nowhere'],
      ['delete', '/v1/teams'],
      ['post', '/graphql'],
      ['get', '/metrics'],
    ] as const)
      await sluice.as(undefined)[method](path).expect(401);
    const big = sluice.as(undefined).post('/v1/teams').type('application/json').send('x'.repeat(100_000));
    await big.expect(401);
  });

  it('is never asked where everyone may look', async () => {
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs', '/graphiql'])
      await sluice.as(undefined).get(path).expect(200);
  });

  it('is for an expired token, which the reply tells', async () => {
    const soon = new Date(Date.now() + 700).toISOString();
    const { token } = await make({ expiresAt: soon });
    await sluice.as(token).get('/v1/teams').expect(200);
    await new Promise((resolve) => setTimeout(resolve, 750));
    const { body } = await sluice.as(token).get('/v1/teams').expect(401);
    expect(body.detail).toBe(`this token expired at ${soon}`);
  });
});

describe('a revocation', () => {
  it('works at once, in every process', async () => {
    for (let round = 0; round < 10; round++) {
      const { id, token } = await make();
      await Promise.all([sluice, other].map((process) => process.as(token).get('/v1/teams').expect(200)));
      const [revoker, informed] = round % 2 ? [sluice, other] : [other, sluice];
      await revoker.request.delete(`/v1/tokens/${id}`).expect(204);
      const { body } = await revoker.as(token).get('/v1/teams').expect(401);
      expect(body.detail).toBe('this token is unknown or was revoked');
      await expect
        .poll(async () => (await informed.as(token).get('/v1/teams')).status, { interval: 2, timeout: 500 })
        .toBe(401);
    }
  });

  it('is done once, and keeps who and why', async () => {
    const { id } = await make();
    await sluice.request.delete(`/v1/tokens/${id}`).set('sluice-reason', 'leaked').expect(204);
    const { body } = await sluice.request.delete(`/v1/tokens/${id}`).expect(404);
    expect(body.detail).toBe(`token "${id}" does not exist`);
    expect(await rows('SELECT revoked_by, revoked_reason FROM token WHERE id = $1', id)).toEqual([
      { revoked_by: 'admin', revoked_reason: 'leaked' },
    ]);
  });

  it('of the token of the request itself ends it', async () => {
    const { id, token } = await make({ scopes: ['admin'] });
    await sluice.as(token).delete(`/v1/tokens/${id}`).expect(204);
    await sluice.as(token).get('/v1/teams').expect(401);
  });

  it('lets the environment of the token go, which a living one holds', async () => {
    await sluice.request.post('/v1/environments').send({ name: 'short-lived' }).expect(201);
    const { id } = await make({ environment: 'short-lived' });
    const path = '/v1/environments/short-lived';
    const { body } = await sluice.request.delete(path).set('if-match', '*').expect(409);
    expect(body.detail).toBe(`environment "short-lived" is in use by token/${id}`);
    await sluice.request.delete(`/v1/tokens/${id}`).expect(204);
    await sluice.request.delete(path).set('if-match', '*').expect(204);
  });
});
