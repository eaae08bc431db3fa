import { getIntrospectionQuery, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { ask } from './ask.js';

let sluice: TestApp;
let page: string;
let headers: Headers;

beforeAll(async () => {
  sluice = await startTestApp();
  const answer = await fetch(`${sluice.url}/graphiql`);
  headers = answer.headers;
  page = await answer.text();
});
afterAll(() => sluice.close());

/** What the page hands to GraphiQL. */
function options(): any {
  const [, text = ''] =
    /renderYogaGraphiQL\(\s*window\.document\.querySelector\('#root'\),\s*(\{.*\}),\s*\);\s*<\/script>/s.exec(page) ??
    [];
  return JSON.parse(text);
}

describe('GraphiQL', () => {
  it('is open to everyone, in one page', () => {
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain('<title>Sluice GraphiQL</title>');
    expect(page.length).toBeGreaterThan(1_000_000);
  });

  it('takes nothing from any other host, and may not', () => {
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    const tags = page.replace(/<script>[\s\S]*<\/script>/, '').replace(/<style>[\s\S]*<\/style>/, '');
    expect(tags).not.toMatch(/(src|href)="(?!data:)/);
  });

  it('is sent compressed to those who can read it, and plain to others', async () => {
    expect(headers.get('content-encoding')).toBe('gzip');
    const plain = await fetch(`${sluice.url}/graphiql`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(page);
  });

  it('has a place for a token, and knows the schema before there is one', async () => {
    expect(options()).toMatchObject({
      endpoint: '/graphql',
      defaultEditorToolsVisibility: 'headers',
      subscriptionsProtocol: 'SSE',
    });
    expect(JSON.parse(options().headers)).toEqual({ Authorization: expect.stringMatching(/^Bearer /) });
    const { data } = await ask(sluice, getIntrospectionQuery());
    const names = (schema: any) => schema.types.map((type: any) => type.name).sort();
    expect(names(options().schema.__schema)).toEqual(names(data.__schema));
  });

  it('begins with a query that works', async () => {
    const { defaultQuery } = options();
    const { errors } = await ask(sluice, defaultQuery);
    expect(errors).toBeUndefined();
    expect(validate((sluice.app.getHttpAdapter().getInstance() as any).graphql.schema, parse(defaultQuery))).toEqual(
      [],
    );
  });
});
