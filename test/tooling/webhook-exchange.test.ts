import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchange, type ExchangeRules, retryAfter } from '../../src/platform/webhook/exchange.js';
import { newWebhookSecret, signatureOf } from '../../src/platform/webhook/webhook-secret.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { verifyWebhook } from '../support/webhook-verifier.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.writeHead(204).end();
});

const LONG = 60_000;
const never = (hostname: string) => Promise.reject<LookupAddress[]>(new Error(`${hostname} was looked up`));

/** Sends to a URL; with the limit of a minute, which no test is to reach, unless it says so. */
function send(url: string, rules: Partial<ExchangeRules> = {}, signal = new AbortController().signal) {
  const all = { allow: ['127.0.0.0/8'], resolve: never, timeoutMs: LONG, now: () => new Date(), ...rules };
  return exchange({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ä"}', signal }, all);
}

describe('one exchange', () => {
  it('sends the body as it is, and gives the status', async () => {
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 204 });
    const [{ body, headers, method }] = receiver.received as any;
    expect({ body, method, length: headers['content-length'] }).toEqual({
      body: '{"a":"ä"}',
      method: 'POST',
      length: '10',
    });
    expect(headers).toMatchObject({ host: `127.0.0.1:${receiver.port}`, connection: 'close', 'webhook-id': 'msg_1' });
  });

  it('is over after the limit, where nothing comes', async () => {
    receiver.answer = () => undefined;
    expect(await send(receiver.url, { timeoutMs: 200 })).toEqual({
      kind: 'unanswered',
      error: 'no answer within 0.2 s',
    });
    const lost = () => new Promise<LookupAddress[]>(() => undefined);
    const url = receiver.url.replace('127.0.0.1', 'receiver.test');
    expect(await send(url, { timeoutMs: 200, resolve: lost })).toMatchObject({ error: 'no answer within 0.2 s' });
  });

  it('is over after the limit, where an answer never gets to its body', async () => {
    const timers: NodeJS.Timeout[] = [];
    receiver.answer = (response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      timers.push(setInterval(() => response.socket?.write('x-more: of it\r\n'), 20));
    };
    expect(await send(receiver.url, { timeoutMs: 300 })).toMatchObject({ kind: 'unanswered' });
    for (const timer of timers) clearInterval(timer);
  });

  it('reads little of an answer that does not end, and cuts it', async () => {
    let [written, closed] = [0, Promise.resolve<unknown>(undefined)];
    receiver.answer = (response) => {
      closed = once(response, 'close');
      response.writeHead(200);
      const write = (): void => {
        for (let more = true; more && !response.destroyed; written += 1024) more = response.write('x'.repeat(1024));
      };
      response.on('drain', write);
      write();
    };
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 200 });
    await closed;
    // what systems keep on the way is more than what is read, and less than this
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('believes a status whose body never comes, and waits for that no longer than the limit', async () => {
    receiver.answer = (response) => void response.writeHead(200, { 'content-length': '9' }).flushHeaders();
    expect(await send(receiver.url, { timeoutMs: 300 })).toEqual({ kind: 'answered', status: 200 });
  });

  it('does not begin, or ends, where the process ends', async () => {
    const ending = new AbortController();
    receiver.answer = () => ending.abort();
    expect(await send(receiver.url, {}, ending.signal)).toEqual({
      kind: 'unanswered',
      error: 'this process is ending',
    });
    expect(await send(receiver.url, {}, ending.signal)).toMatchObject({ error: 'this process is ending' });
  });

  it.each([
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing at all', ''],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('bears a receiver that sends %s', async (_, text) => {
    const server = createServer((socket: Socket) => socket.on('error', () => undefined).end(text)).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const outcome = await send(`http://127.0.0.1:${port}/`);
    expect(outcome).toMatchObject({ kind: 'unanswered', error: expect.stringMatching(/./) });
    server.close();
  });
});

describe('with TLS', () => {
  const tls = {
    key: readFileSync('test/support/tls/receiver.key'),
    cert: readFileSync('test/support/tls/receiver.crt'),
  };

  it('a certificate that nobody vouches for is refused', async () => {
    const server = createTlsServer(tls, (_, response) => response.writeHead(204).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const outcome = await send(`https://127.0.0.1:${port}/`);
    expect(outcome).toMatchObject({ error: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
    server.close();
  });
});

describe('an address inside', () => {
  it.each(['127.0.0.1', '127.1', '0x7f.1', '2130706433', '0177.1', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])(
    'is not connected to, spelt %s',
    async (host) => {
      for (const scheme of ['http', 'https']) {
        const outcome = await send(`${scheme}://${host}:${receiver.port}/`, { allow: ['10.0.0.0/8'] });
        const said = scheme === 'http' ? 'use https' : '127.0.0.1';
        expect(outcome).toMatchObject({ kind: 'unanswered', error: expect.stringContaining(said) });
      }
      expect(receiver.received).toEqual([]);
    },
  );

  it('is connected to in any spelling, where its network is allowed', async () => {
    for (const host of ['127.1', '0x7f.1', '2130706433'])
      expect(await send(`http://${host}:${receiver.port}/`)).toEqual({ kind: 'answered', status: 204 });
  });

  it('is not connected to by a name that leads there by one of several addresses', async () => {
    const url = `https://receiver.test:${receiver.port}/`;
    const found = [
      '10.0.0.1',
      '169.254.169.254',
      '::1',
      'fd00::1',
      'fe80::1%eth0',
      '64:ff9b::7f00:1',
      '::ffff:127.0.0.1',
    ];
    for (const address of found) {
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      const outcome = await send(url, { allow: [], resolve });
      expect(outcome).toMatchObject({ kind: 'unanswered', error: expect.stringMatching(/^receiver\.test: /) });
    }
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-01-02T03:04:05Z');
  it.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['Thu, 01 Jan 2026 00:00:00 GMT', undefined],
    ['1e9', undefined],
    [undefined, undefined],
  ])('%s is %s', (header, ms) => expect(retryAfter(header, now)).toBe(ms));
});

describe('a signature', () => {
  const parts = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
  const at = new Date(parts.timestamp * 1000);
  const message = (signature: string) => ({
    body: parts.body,
    headers: { 'webhook-id': parts.id, 'webhook-timestamp': String(parts.timestamp), 'webhook-signature': signature },
  });

  /** What the libraries of the specification have in their tests. */
  const VECTORS = [
    [
      'hmac',
      'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
    [
      'ed25519',
      '6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=',
      'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
      'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    ],
  ] as const;

  it.each(VECTORS)('by %s is that of the published examples', (kind, secret, key, expected) => {
    expect(signatureOf(kind, Buffer.from(secret, 'base64'), parts)).toBe(expected);
    expect(verifyWebhook(key, message(expected), at)).toEqual({ test: 2432232314 });
    expect(verifyWebhook(key, message(`v1,AAAA v9,x ${expected}`), at)).toEqual({ test: 2432232314 });
  });

  it('is verified by its own key alone, and not for ever', () => {
    for (const kind of ['hmac', 'ed25519'] as const) {
      const [one, two] = [newWebhookSecret(kind), newWebhookSecret(kind)];
      const keyOf = ({ secret, publicKey }: typeof one) => secret ?? publicKey ?? '';
      const signed = message(signatureOf(kind, one.bytes, parts));
      verifyWebhook(keyOf(one), signed, at);
      expect(() => verifyWebhook(keyOf(two), signed, at)).toThrow('no signature');
      expect(() => verifyWebhook(keyOf(one), signed, new Date(at.getTime() + 301_000))).toThrow('out of tolerance');
    }
  });
});
