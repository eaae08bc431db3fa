import { createServer, connect, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { Database } from '../../src/store/database.js';
import { databaseAt, databasePlaces } from '../../src/store/database-url.js';
import { Notifications } from '../../src/store/notifications.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the places of a database', () => {
  it.each([
    ['postgresql://u:p@db/x', [['db', 5432]], 'the-one'],
    ['postgres://u:p%40ss@db:6000/x?sslmode=disable', [['db', 6000]], 'the-one'],
    ['postgresql:///x?host=/run/postgresql', [['', 5432]], 'the-one'],
    ['postgresql://db/x?target_session_attrs=primary', [['db', 5432]], 'only-writable'],
    [
      'postgresql://u:a,b@one:6000,[::1]:7000,two/x?target_session_attrs=read-write',
      [
        ['one', 6000],
        ['::1', 7000],
        ['two', 5432],
      ],
      'only-writable',
    ],
    [
      'postgresql://one,two',
      [
        ['one', 5432],
        ['two', 5432],
      ],
      'only-writable',
    ],
  ])('%s', (url, hosts, choice) => {
    const places = databasePlaces(url);
    expect(places.hosts.map(({ host, port }) => [host, port])).toEqual(hosts);
    expect(places.choice).toBe(choice);
  });

  it('each host has a URL of its own, with all else as it was', () => {
    const { hosts } = databasePlaces('postgresql://u:a,b@one:6000,two/x?a=b,c');
    expect(hosts.map(({ url }) => url)).toEqual([
      'postgresql://u:a,b@one:6000/x?a=b,c',
      'postgresql://u:a,b@two/x?a=b,c',
    ]);
  });

  it.each([
    ['localhost', 'use postgresql://user:password@host:port/database'],
    ['postgresql://u:secret@one,,two/x', '"" in the list of hosts: use host or host:port, with commas between them'],
    [
      'postgresql://u:secret@one:0,two/x',
      '"one:0" in the list of hosts: use host or host:port, with commas between them',
    ],
    [
      'postgresql://u:secret@one,two:70000/x',
      '"two:70000" in the list of hosts: use host or host:port, with commas between them',
    ],
    [
      'postgresql://u:secret@one,two/x?target_session_attrs=any',
      'target_session_attrs="any": use read-write or primary, Sluice writes',
    ],
  ])('%s is refused, without its password', (url, message) => {
    expect(() => readConfig({ DATABASE_URL: url })).toThrow(new Error(`DATABASE_URL: ${message}`));
  });

  it('are told without the password', () => {
    expect(databaseAt('postgresql://u:secret@one:6000,two/x?a=b')).toBe('one:6000,two/x');
    expect(databaseAt('postgresql:///x?host=/run')).toBe('a local socket');
  });
});

describe('a database with several hosts', () => {
  let database: TestDatabase;
  /** Ways to the same server, each of which can be shut. */
  let ways: Server[];
  let shut: (() => void)[];
  let url: string;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    database = await createTestDatabase('empty');
    const { hostname, port } = new URL(database.url);
    ways = [];
    shut = [];
    for (let way = 0; way < 2; way++) {
      const sockets = new Set<{ destroy(): void }>();
      const server = createServer((client) => {
        const there = connect(Number(port), hostname);
        for (const socket of [client, there]) sockets.add(socket.on('error', () => undefined));
        client.pipe(there).pipe(client);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      ways.push(server);
      shut.push(() => {
        server.close();
        for (const socket of sockets) socket.destroy();
      });
    }
    const hosts = ways.map((way) => `127.0.0.1:${(way.address() as { port: number }).port}`);
    url = database.url.replace(`${hostname}:${port}`, hosts.join(','));
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
    for (const close of shut) close();
    await database.drop();
  });

  function open(at = url): Database {
    const made = new Database({ url: at, poolSize: 2, onError: () => undefined });
    opened.push(made);
    return made;
  }

  it('does not keep a connection whose server refused a write', async () => {
    const { pool } = open();
    const client = await pool.connect();
    await client.query('SET default_transaction_read_only = on');
    await expect(client.query('CREATE TABLE refused ()')).rejects.toMatchObject({ code: '25006' });
    client.release();
    expect(pool.totalCount).toBe(0);
    await pool.query('CREATE TABLE taken ()');
  });

  it('passes over servers that take no writes, and says what each of them said', async () => {
    const { pathname } = new URL(database.url);
    const { pool } = open();
    await pool.query(`ALTER DATABASE ${pathname.slice(1)} SET default_transaction_read_only = on`);
    await pool.query('SET default_transaction_read_only = off');
    const again = open(`${url}?target_session_attrs=read-write`);
    await expect(again.pool.query('SELECT 1')).rejects.toThrow(
      /^no server of the database takes writes: 127\.0\.0\.1:\d+ takes no writes; 127\.0\.0\.1:\d+ takes no writes$/,
    );
    await pool.query(`ALTER DATABASE ${pathname.slice(1)} RESET default_transaction_read_only`);
    await again.pool.query('CREATE TABLE taken_again ()');
  });

  it('is found again at another host when the one that it was at is gone: by the pool, and by who listens', async () => {
    const { pool } = open();
    const told: string[] = [];
    const notifications = new Notifications(url, () => undefined);
    opened.push(notifications);
    const missed = () => new Promise<void>((resolve) => void (heard = resolve));
    let heard = (): void => undefined;
    notifications.on('news', (payload) => {
      told.push(payload);
      heard();
    });
    await notifications.open();
    const used = (await pool.query<{ port: number }>('SELECT 1')) && portInUse(pool);
    const again = missed();
    shut[ways.findIndex((way) => (way.address() as { port: number }).port === used)]!();
    await again; // listens anew
    await pool.query('SELECT 1');
    expect(portInUse(pool)).not.toBe(used);
    const news = missed();
    await pool.query(`NOTIFY news, 'over there'`);
    await news;
    expect(told).toEqual(['', '', 'over there']);
  });

  it('is refused in one line where no host answers, with what each said', async () => {
    for (const close of shut) close();
    const { pool } = open(`${url}?target_session_attrs=primary`); // nobody knows of a way yet
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringMatching(
        /^no server of the database takes writes: \S+ connect ECONNREFUSED .*; \S+ connect ECONNREFUSED /,
      ),
    });
  });

  /** Where the connection of the pool that was used last goes to. */
  function portInUse(pool: Database['pool']): number {
    const { _clients: clients } = pool as unknown as { _clients: { port: number }[] };
    return clients.at(-1)!.port;
  }
});
