import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

/** With a token, which the audits know nothing of. */
const fetchFn: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${sluice.token}`);
  return fetch(url, { ...init, headers });
};

// The suite of GraphQL over HTTP (https://github.com/graphql/graphql-http): what must, should and may be, 61 audits in all.
const AUDITS = serverAudits({ url: () => `${sluice.url}/graphql`, fetchFn });

describe('GraphQL over HTTP, audited', () => {
  it('by all of the suite', () => {
    expect(AUDITS).toHaveLength(61);
  });

  it.each(AUDITS.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
  });
});
