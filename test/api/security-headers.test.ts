import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

/** One of each kind of data: the model, its absence, an API that needs no token, measures, keys, GraphQL, the registry. */
const DATA = [
  '/v1/teams',
  '/v1/teams/nobody',
  '/nowhere',
  '/livez',
  '/openapi.json',
  '/metrics',
  '/.well-known/sluice/jwks.json',
  '/graphql?query=%7B__typename%7D',
  '/v2/',
];
const PAGES = ['/docs', '/graphiql', '/docs/swagger-ui-init.js'];

describe('security headers', () => {
  let plain: TestApp;
  let behindTls: TestApp;

  beforeAll(async () => {
    plain = await startTestApp();
    const { databaseUrl, token } = plain;
    behindTls = await startTestApp({ databaseUrl, token, publicUrl: 'https://sluice.example.com' });
  });
  afterAll(async () => {
    await behindTls.close();
    await plain.close();
  });

  it.each(DATA)('%s is data: no type is guessed, nothing in it runs, no site frames or embeds it', async (path) => {
    const { headers } = await plain.request.get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['cache-control'], 'no shared cache keeps what was sent to a token').toMatch(
      path.startsWith('/.well-known/') ? /^public, max-age=300$/ : /^(private, no-cache|no-store)$/,
    );
  });

  it.each(PAGES)('%s is a page: it loads from here alone, and no site frames it', async (path) => {
    const { headers } = await plain.as(undefined).get(path).expect(200);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    if (path.startsWith('/docs')) expect(policy).toMatch(/script-src 'self';/);
  });

  it('/docs needs no script within its page, which its policy would not run', async () => {
    const { text } = await plain.as(undefined).get('/docs').expect(200);
    const scripts = [...text.matchAll(/<script\b([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(2);
    for (const [, attributes, body] of scripts)
      expect([attributes, body?.trim()]).toEqual([expect.stringMatching(/src=/), '']);
    expect(text).not.toMatch(/\son[a-z]+=/i);
  });

  it('tell what serves nothing of itself, and no page of another origin that it may read', async () => {
    for (const path of [...DATA, ...PAGES]) {
      const { headers } = await plain.request.get(path).set('origin', 'https://elsewhere.example');
      expect(Object.keys(headers).filter((name) => /^(server|x-powered-by|access-control-)/.test(name))).toEqual([]);
    }
  });

  it('keep clients to https where they are known to come by it, and nowhere else', async () => {
    for (const path of [...DATA, ...PAGES]) {
      const { headers } = await behindTls.request.get(path);
      expect(headers['strict-transport-security'], path).toBe('max-age=31536000');
      expect((await plain.request.get(path)).headers, path).not.toHaveProperty('strict-transport-security');
    }
  });
});
