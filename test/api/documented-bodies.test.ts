import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';
import { KINDS } from './kinds.js';

let sluice: TestApp;
let document: any;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  document = (await sluice.as(undefined).get('/openapi.json').expect(200)).body;
});
afterAll(() => sluice.close());

/** The schema of an operation's body, found by a path with names in it. */
function bodySchema(method: 'post' | 'put', url: string): any {
  const paths = Object.keys(document.paths).filter((path) =>
    new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url),
  );
  expect(paths).toHaveLength(1);
  const { schema } = document.paths[paths[0]!][method].requestBody.content['application/json'];
  return document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
}

/** The fields of an object without those that the path has already. */
function without(fields: object, path: string): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !path.split('/').includes(value)));
}

describe.each(KINDS)('the documented body of a $word', (kind) => {
  it('of a PUT demands nothing that the path has', async () => {
    const name = `bare-${kind.word}`;
    await kind.before?.(sluice, name);
    const path = `${kind.collection}/${name}`;
    const bare = without(kind.body(name), path);
    await sluice.request.put(path).set('if-none-match', '*').send(bare).expect(201);
    const { required = [], properties } = bodySchema('put', path);
    expect(Object.keys(bare)).toEqual(expect.arrayContaining(required));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(kind.body(name))));
  });

  it.runIf(kind.posted)('of a POST demands the name, and nothing that the path has', async () => {
    const name = `posted-${kind.word}`;
    const bare = without(kind.body(name), kind.collection);
    await sluice.request.post(kind.collection).send(bare).expect(201);
    const { required } = bodySchema('post', kind.collection);
    expect(Object.keys(bare)).toEqual(expect.arrayContaining(required));
    expect(required).toContain(kind.nameField);
  });
});

describe('the documented body of a publish', () => {
  it('may be absent, and is', async () => {
    const path = '/v1/environments/{environment}/bundles';
    expect(document.paths[path].post.requestBody.required).toBe(false);
    await sluice.request.post('/v1/environments/dev/bundles').expect(201);
  });

  it('may, as those of requests that may say all by their path; others may not', () => {
    const optional = Object.values<any>(document.paths)
      .flatMap((methods) => Object.values<any>(methods))
      .filter(({ requestBody }) => requestBody?.required === false);
    const known = ['applyRetention', 'publishBundle', 'replayWebhookDelivery', 'rotateWebhookKey', 'testWebhook'];
    expect(optional.map(({ operationId }) => operationId).sort()).toEqual(known);
  });
});
