import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Relay, startRelay } from '../support/relay.js';
import { ask, bannerOf, dataFolder, endAll, freePort, launch, runToEnd, type Server, startServer } from './server.js';

afterAll(endAll);

/** The lines of the banner that a newcomer pastes. */
function curlLines(banner: string): string[] {
  return banner
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('curl '));
}

/** In an empty folder, as a newcomer's shell would. */
function paste(line: string): string {
  return execFileSync('bash', ['-c', line], { encoding: 'utf8', cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('with the embedded database', () => {
  const data = dataFolder();
  let server: Server;
  const env = { SLUICE_DATA_DIR: data.path };
  afterAll(() => data.remove());

  it('the first start tells where it is and how to get in', async () => {
    server = await startServer(env);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const token = data.token();
    expect(token).toMatch(/^slc_[0-9A-Za-z]{36}$/);
    expect(server.banner).toContain(token);
    expect(server.banner).toContain(join(data.path, 'admin-token'));
    expect(statSync(join(data.path, 'admin-token')).mode & 0o777).toBe(0o600);
    for (const path of ['/docs', '/graphiql']) expect(server.banner).toContain(server.url + path);
    expect(server.banner).toMatch(/^ {2}signing {7}key [\w+/]{43}= /m);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it.runIf(existsSync('/proc/self/status'))('has less than 220 MB resident, PostgreSQL aside', () => {
    const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
    expect(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024).toBeLessThan(220);
  });

  it('prints three lines that work when pasted', () => {
    const lines = curlLines(server.banner);
    expect(lines.length).toBe(3);
    const [overview, manifests, preview] = lines.map(paste);
    expect(overview).toContain('frontend | 80           | backend (port 3000)');
    expect(manifests).toContain('name: allow-frontend-ingress');
    expect(JSON.parse(preview ?? '')).toMatchObject({ environment: 'prod', wouldPublish: true });
  });

  it('holds the small example, published in dev', async () => {
    const names = async (path: string) =>
      (await ask(server, data.token(), path)).body.items.map(({ name }: any) => name);
    expect(await names('/v1/teams')).toEqual(['demo']);
    expect(await names('/v1/applications')).toEqual(['shop']);
    expect(await names('/v1/environments')).toEqual(['dev', 'prod', 'staging']);
    expect((await ask(server, data.token(), '/v1/environments/dev/bundles')).body.items.length).toBe(1);
    expect((await ask(server, data.token(), '/v1/environments/prod/bundles')).body.items).toEqual([]);
  });

  it('ends with 0 at SIGTERM, after the request that is under way', async () => {
    await ask(server, data.token(), '/v1/teams', { body: { name: 'kept' } });
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(idle, 'connect');
    const body = JSON.stringify({ name: 'under-way' });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = ['POST /v1/teams HTTP/1.1', 'host: sluice', `authorization: Bearer ${data.token()}`];
    const lines = [...head, 'content-type: application/json', `content-length: ${body.length}`, '', body.slice(0, 5)];
    socket.write(lines.join('\r\n'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ended = server.end('SIGTERM');
    await expect
      .poll(() =>
        fetch(`${server.url}/livez`).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    socket.write(body.slice(5));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 201 /);
    expect(await ended).toBe(0);
    idle.destroy();
    expect(server.output()).not.toMatch(/error|warn/i);
  });

  it('a signal while it starts ends it cleanly, and takes nothing from the next start', async () => {
    const starting = launch({ ...env, PORT: String(await freePort()) });
    await new Promise((resolve) => setTimeout(resolve, 900));
    starting.child.kill('SIGTERM');
    expect([0, 'SIGTERM']).toContain(await starting.ended);
    expect(starting.output()).not.toContain('could not start');
  });

  it('a later start keeps the token, the keys and the data, and shows no token', async () => {
    const token = data.token();
    const signing = /^ {2}signing .* key \S+/m.exec(server.banner)?.[0];
    server = await startServer(env);
    expect(data.token()).toBe(token);
    expect(server.banner).not.toContain(token);
    expect(server.banner).toContain(signing);
    expect(server.banner).toContain(join(data.path, 'admin-token'));
    const { body } = await ask(server, token, '/v1/teams');
    expect(body.items.map(({ name }: any) => name)).toEqual(['demo', 'kept', 'under-way']);
    expect(paste(curlLines(server.banner)[0] ?? '')).toContain('None (acts as endpoint)');
  });

  it('loses nothing that it acknowledged when it is killed, and starts again', async () => {
    const acknowledged: string[] = [];
    const write = async (client: number): Promise<void> => {
      for (let i = 0; ; i++) {
        const name = `client-${client}-${i}`;
        const { status } = await ask(server, data.token(), '/v1/teams', { body: { name } });
        if (status === 201) acknowledged.push(name);
      }
    };
    const writers = [1, 2, 3, 4].map((client) => write(client).catch(() => undefined));
    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(20);
    expect(await server.end('SIGKILL')).toBe('SIGKILL');
    await Promise.all(writers);

    server = await startServer(env);
    const names = new Set<string>();
    for (let path: string | undefined = '/v1/teams?pageSize=500'; path !== undefined;) {
      const { body } = await ask(server, data.token(), path);
      for (const { name } of body.items) names.add(name);
      path = body.nextPageToken && `/v1/teams?pageSize=500&pageToken=${body.nextPageToken}`;
    }
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    const { body } = await ask(server, data.token(), '/v1/changes?pageSize=1');
    expect(body.items[0].revision).toBeGreaterThanOrEqual(acknowledged.length);
    expect(await server.end('SIGINT')).toBe(0);
  });
});

describe('with SLUICE_DEMO=off', () => {
  it('starts empty, with three lines for that', async () => {
    const data = dataFolder();
    try {
      const server = await startServer({ SLUICE_DATA_DIR: data.path, SLUICE_DEMO: 'off' });
      for (const path of ['/v1/teams', '/v1/environments', '/v1/changes'])
        expect((await ask(server, data.token(), path)).body).toEqual({ items: [] });
      const [made, teams, changes] = curlLines(server.banner).map((line) => JSON.parse(paste(line)));
      expect(made).toEqual({ name: 'web' });
      expect(teams.items).toEqual([made]);
      expect(changes.items[0]).toMatchObject({ action: 'create', name: 'web' });
      expect(await server.end('SIGTERM')).toBe(0);
    } finally {
      data.remove();
    }
  });
});

describe('with DATABASE_URL', () => {
  const data = dataFolder();
  let database: TestDatabase;
  let env: Record<string, string>;
  let relay: Relay;
  let server: Server;
  beforeAll(async () => {
    database = await createTestDatabase('empty');
    relay = await startRelay(database.url);
    env = { DATABASE_URL: relay.url, SLUICE_DATA_DIR: data.path };
  });
  afterAll(async () => {
    await endAll();
    await relay.close();
    await database.drop().catch(() => undefined); // the last test drops it too
    data.remove();
  });

  it('waits for a database that does not answer yet, and says for whom', async () => {
    await relay.cut();
    const launched = launch({ ...env, PORT: String(await freePort()) });
    const ready = bannerOf(launched);
    const { host, pathname } = new URL(relay.url);
    const waits = `waiting for the database at ${host}${pathname}: `;
    await expect.poll(launched.output, { timeout: 20_000 }).toContain(waits);
    await relay.restore();
    server = await ready;
  });

  it('brings the database up to date, loads nothing, and makes no database of its own', async () => {
    expect((await ask(server, data.token(), '/v1/teams')).body).toEqual({ items: [] });
    expect(existsSync(join(data.path, 'postgres'))).toBe(false);
    expect(existsSync(join(data.path, 'keys'))).toBe(false);
    expect(server.banner).toContain('signing       off: SLUICE_RELEASE_KEYS is not set');
    expect(server.banner).toContain(new URL(relay.url).host);
    expect(server.output()).not.toContain(new URL(database.url).password);
  });

  it('says in one line that the port is in use', async () => {
    const { port } = new URL(server.url);
    const { code, output } = await runToEnd({ ...env, PORT: port });
    expect({ code, output }).toEqual({
      code: 1,
      output: `Sluice could not start: port ${port} of 127.0.0.1 is in use: stop what uses it, or set PORT to another one\n`,
    });
  });

  it.each([
    [{ PORT: 'eighty' }, 'PORT="eighty": use a whole number from 0 to 65535'],
    [{ SLUICE_RELEASE_KEYS: '/nowhere/key.pem' }, 'SLUICE_RELEASE_KEYS, "/nowhere/key.pem" cannot be read: ENOENT'],
    [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL: use postgresql://user:password@host:port/database'],
    [
      { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x', SLUICE_DATABASE_WAIT_SECONDS: '0' },
      'the database of DATABASE_URL (127.0.0.1:1/x) does not answer',
    ],
  ])('says in one line what is wrong with %o', async (wrong, message) => {
    const { code, output } = await runToEnd({ ...env, PORT: '0', ...wrong });
    expect(code).toBe(1);
    expect(output.startsWith(`Sluice could not start: ${message}`)).toBe(true);
    expect(output.trimEnd().split('\n').length).toBe(1);
    expect(output).not.toContain('secret');
  });

  it('ends with 0 where the database went away before', async () => {
    await database.drop();
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    const { status, body } = await ask(server, data.token(), '/v1/teams');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'unavailable' });
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
