import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

let sluice: TestApp;
let document: any;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
  document = (await sluice.as(undefined).get('/openapi.json').expect(200)).body;
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

/** Every operation of the document: method, path with names of the small example, and what is said of it. */
function operations(): { method: string; path: string; url: string; operation: any }[] {
  const names: Record<string, string> = {
    ...{
      team: 'demo',
      application: 'shop',
      tier: 'frontend',
      peer: 'users',
      environment: 'dev',
      flow: 'users-to-frontend',
    },
    ...{ version: '1', other: 'draft', format: 'txt', id: '00000000-0000-0000-0000-000000000000' },
  };
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, operation]) => {
      return { method, path, operation, url: path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name) };
    }),
  );
}

describe('the OpenAPI document', () => {
  it('has every resource of the design, with its methods', () => {
    const all = ['delete', 'get', 'patch', 'put'];
    const expected = {
      '/v1/teams': ['get', 'post'],
      '/v1/teams/{team}': all,
      '/v1/applications/{application}': all,
      '/v1/applications/{application}/tiers': ['get', 'post'],
      '/v1/applications/{application}/tiers/{tier}': all,
      '/v1/peers/{peer}': all,
      '/v1/environments/{environment}': all,
      '/v1/environments/{environment}/placements': ['get'],
      '/v1/environments/{environment}/placements/{application}': ['delete', 'get', 'put'],
      '/v1/flows/{flow}': all,
      '/v1/environments/{environment}/preview': ['get'],
      '/v1/environments/{environment}/bundles': ['get', 'post'],
      '/v1/environments/{environment}/bundles/{version}': ['get'],
      '/v1/environments/{environment}/bundles/{version}/manifests': ['get'],
      '/v1/environments/{environment}/bundles/{version}/manifests.tar.gz': ['get'],
      '/v1/environments/{environment}/bundles/{version}/diff/{other}': ['get'],
      '/v1/environments/{environment}/bundles/{version}/overview.{format}': ['get'],
      '/v1/environments/{environment}/connections': ['get'],
      '/v1/tokens': ['get', 'post'],
      '/v1/tokens/{id}': ['delete', 'get'],
      '/v1/changes': ['get'],
    };
    for (const [path, methods] of Object.entries(expected))
      expect([path, ...Object.keys(document.paths[path] ?? {}).sort()]).toEqual([path, ...methods]);
  });

  it('says of every operation what it is, what it answers, and that it may answer a problem', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, path, operation } of operations()) {
      const title = `${method} ${path}`;
      expect(operation.summary, title).toMatch(/\w/);
      const responses = Object.entries<any>(operation.responses);
      expect(
        responses.some(([status]) => /^2\d\d$/.test(status)),
        title,
      ).toBe(true);
      for (const [status, response] of responses) {
        expect(response.description, `${title} ${status}`).toMatch(/\w/);
        if (!['204', '304'].includes(status))
          expect(Object.keys(response.content ?? {}), `${title} ${status}`).not.toEqual([]);
      }
      expect(operation.responses.default.content, title).toHaveProperty(['application/problem+json']);
      if (['post', 'put', 'patch'].includes(method)) expect(operation.requestBody?.content, title).toBeDefined();
    }
  });

  it('refers to nothing that it does not have', () => {
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of new Set(references))
      expect(document.components.schemas).toHaveProperty([reference.slice(1, -1).split('/').at(-1)!]);
  });

  it('tells the truth of every read: status and media type are documented', async () => {
    for (const { method, path, url, operation } of operations().filter((one) => one.method === 'get')) {
      const answer = await fetch(sluice.url + url, { method, headers: { authorization: `Bearer ${sluice.token}` } });
      await end(answer);
      const documented = operation.responses[answer.status] ?? operation.responses.default;
      const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
      expect(answer.status, path).toBeLessThan(500);
      expect(Object.keys(documented.content), `${path} ${answer.status}`).toContain(type);
      for (const header of Object.keys(operation.responses['200']?.headers ?? {}))
        if (answer.status === 200 && header !== 'Link')
          expect(answer.headers.get(header), `${path} ${header}`).not.toBeNull();
    }
  });
});

/** Reads an answer to its end, and gives its length; a stream of events has none. */
async function end(answer: Response): Promise<number> {
  if (answer.headers.get('content-type') !== 'text/event-stream') return (await answer.arrayBuffer()).byteLength;
  await answer.body?.cancel();
  return 0;
}

describe('methods', () => {
  it('that a path does not take are a 405 that names those it takes', async () => {
    for (const path of Object.keys(document.paths)) {
      const { url } = operations().find((one) => one.path === path)!;
      const allowed = Object.keys(document.paths[path]).map((method) => method.toUpperCase());
      if (allowed.includes('GET')) allowed.push('HEAD');
      for (const method of ['PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'].filter((one) => !allowed.includes(one))) {
        for (const slash of ['', '/']) {
          const answer = await fetch(sluice.url + url + slash, {
            method,
            headers: { authorization: `Bearer ${sluice.token}` },
          });
          const problem: any = await answer.json();
          expect(`${method} ${url} ${answer.status}`).toBe(`${method} ${url} 405`);
          expect(answer.headers.get('allow')).toBe(allowed.sort().join(', '));
          expect(problem).toMatchObject({ code: 'method-not-allowed', detail: expect.stringContaining(allowed[0]!) });
        }
      }
    }
  });

  it('that a path does not take are refused before a body is read', async () => {
    const headers = { authorization: `Bearer ${sluice.token}`, 'content-type': 'text/plain' };
    for (const [method, path, status] of [
      ['OPTIONS', '/v1/teams/demo', 405],
      ['QUERY', '/v1/teams', 405],
      ['POST', '/v1/teams/demo', 405],
      ['POST', '/v1/nothing', 404],
    ] as const) {
      const answer = await fetch(sluice.url + path, { method, headers, body: 'no JSON' });
      await end(answer);
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} ${status}`);
    }
  });

  it('HEAD answers as GET does, without the body', async () => {
    for (const { url } of operations().filter(
      ({ method, path }) => method === 'get' && !/metrics|svg|tokens/.test(path),
    )) {
      const headers = { authorization: `Bearer ${sluice.token}` };
      const [get, head] = await Promise.all(
        ['GET', 'HEAD'].map(async (method) => {
          const answer = await fetch(sluice.url + url, { method, headers });
          return { status: answer.status, headers: answer.headers, bytes: await end(answer) };
        }),
      );
      expect(`${url} ${head!.status} ${head!.bytes}`).toBe(`${url} ${get!.status} 0`);
      for (const name of ['content-type', 'content-length', 'etag', 'link'])
        if (get!.status === 200) expect(head!.headers.get(name), `${url} ${name}`).toBe(get!.headers.get(name));
    }
  });

  it('a slash at the end makes no difference', async () => {
    for (const path of ['/v1/teams', '/v1/teams/demo', '/v1/environments/dev/bundles/1/manifests', '/livez']) {
      const [bare, slashed] = await Promise.all([path, `${path}/`].map((one) => sluice.request.get(one).expect(200)));
      expect(slashed!.text).toBe(bare!.text);
    }
  });
});

describe('every answer', () => {
  it('has a trace id where it is a problem: the one of traceparent, if there is one', async () => {
    const given = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = sluice.request.get('/v1/teams/nobody').set('traceparent', `00-${given}-00f067aa0ba902b7-01`);
    expect((await traced.expect(404)).body.traceId).toBe(given);
    const ids = [];
    for (const header of ['', '00-00000000000000000000000000000000-00f067aa0ba902b7-01', 'nonsense', `00-${given}`]) {
      const { body } = await sluice.request.get('/v1/teams/nobody').set('traceparent', header).expect(404);
      expect(body.traceId).toMatch(/^[0-9a-f]{32}$/);
      ids.push(body.traceId);
    }
    expect(new Set(ids).size).toBe(4);
  });

  it('names the trace and the part of this process, to who sent a traceparent', async () => {
    const given = '4bf92f3577b34da6a3ce929d0e0e4736';
    const asked = `00-${given}-00f067aa0ba902b7-01`;
    for (const path of ['/livez', '/v1/teams', '/v1/teams/nobody']) {
      const { headers } = await sluice.request.get(path).set('traceparent', asked);
      expect([path, headers['traceparent']]).toEqual([path, expect.stringMatching(`^00-${given}-[0-9a-f]{16}-01$`)]);
      expect(headers['traceparent']).not.toBe(asked);
    }
    const { headers, body } = await sluice.request.get('/v1/teams/nobody').set('traceparent', `00-${given}-01`);
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${body.traceId}-[0-9a-f]{16}-00$`));
    expect(body.traceId).not.toBe(given);
    expect((await sluice.request.get('/v1/teams')).headers).not.toHaveProperty('traceparent');
  });

  it('may not be guessed to be of another type', async () => {
    for (const path of [
      '/v1/teams',
      '/v1/teams/nobody',
      '/v1/teams/%ff',
      `/v1/teams/${'x'.repeat(500)}`,
      '/livez',
      '/docs',
      '/v1/environments/dev/bundles/1/overview.svg',
    ])
      expect((await sluice.request.get(path)).headers['x-content-type-options']).toBe('nosniff');
  });

  it('names a path that does not exist, and where to look', async () => {
    const { body } = await sluice.request.get('/v3/teams').expect(404);
    expect(body).toMatchObject({
      code: 'not-found',
      detail: 'there is nothing at /v3/teams: /docs shows what there is',
    });
  });

  it('comes even to what is no HTTP, and the server lives on', async () => {
    const port = Number(new URL(sluice.url).port);
    for (const bytes of [
      '\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      '\u0016\u0003\u0001',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const socket = connect(port, '127.0.0.1').resume();
      socket.on('error', () => undefined);
      socket.end(bytes);
      await once(socket, 'close');
    }
    for (const header of [`x-long: ${'x'.repeat(20_000)}`, 'authorization: Bearer \u0000']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET /v1/teams HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d [^]*\r\nx-content-type-options: nosniff\r\n/);
      socket.destroy();
    }
    await sluice.as(undefined).get('/livez').expect(200);
  });
});

describe('who goes away in the middle of a body', () => {
  it.each([
    ['of a length', 'Content-Length: 100\r\n\r\n{"name":'],
    ['in chunks, of which one is none', 'Transfer-Encoding: chunked\r\n\r\nno chunk\r\n'],
  ])('%s: nothing is logged, as nothing is wrong inside', async (_, rest) => {
    const socket = connect(Number(new URL(sluice.url).port), '127.0.0.1').resume();
    const head = `POST /v1/teams HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sluice.token}\r\nContent-Type: application/json\r\n${rest}`;
    const closed = once(socket, 'close');
    await new Promise((written) => socket.write(head, written));
    await sluice.request.get('/v1/teams').expect(200); // what was written has come
    socket.destroy();
    await closed;
    await sluice.as(undefined).get('/livez').expect(200);
    expect(sluice.failures).toEqual([]);
  });
});

describe('/docs', () => {
  /** What a browser would load for a page. */
  const loaded = (html: string) =>
    [...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']([^"']+)["']/g)].map(
      ([, url]) => url ?? '',
    );

  it('loads from this server only', async () => {
    const page = await sluice.as(undefined).get('/docs').expect(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
    const parts = loaded(page.text);
    expect(parts.length).toBeGreaterThan(2);
    for (const url of parts) {
      expect(url).not.toMatch(/^(https?:)?\/\//);
      const { status, headers } = await fetch(new URL(url, `${sluice.url}/docs`));
      expect(`${url} ${status}`).toBe(`${url} 200`);
      expect(headers.get('content-type')).not.toContain('text/html');
    }
    expect(page.text).not.toMatch(/@import|url\(["']?https?:/);
  });

  it('shows the document of this server', async () => {
    const { text } = await sluice.as(undefined).get('/docs/swagger-ui-init.js').expect(200);
    expect(text).toContain('/v1/environments/{environment}/bundles');
    expect(text).not.toMatch(/validatorUrl["']?\s*:\s*["']https?:/);
  });
});

describe('health', () => {
  it('is open, and metrics are for those who may read', async () => {
    expect((await sluice.as(undefined).get('/livez').expect(200)).body).toEqual({ status: 'ok' });
    expect((await sluice.as(undefined).get('/readyz').expect(200)).body).toEqual({ status: 'ok' });
    const { text, headers } = await sluice.request.get('/metrics').expect(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(/^sluice_http_request_seconds_count\{method="GET",route="\/livez",status="200"\} \d+$/m);
    expect(text).toMatch(/^sluice_database_connections\{state="idle"\} \d+$/m);
    expect(text).not.toContain('nobody'); // labels are routes, never what a client wrote
  });
});
