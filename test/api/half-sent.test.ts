import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TIMEOUTS } from '../../src/platform/http/timeouts.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

/** Short, so that it is seen at once; the long one for all of a request stays out of the way. */
const SHORT = { headersMs: 300, requestMs: 30_000, bodyPauseMs: 300, checkMs: 50 };

let sluice: TestApp;
const open: Socket[] = [];

beforeAll(async () => {
  sluice = await startTestApp({ timeouts: SHORT });
  await loadShop(sluice.app);
});
afterAll(async () => {
  for (const socket of open) socket.destroy();
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});

/** Sends that much and no more; gives all that comes back once the server has hung up. */
async function halfSent(text: string): Promise<string> {
  const socket = connect(Number(new URL(sluice.url).port), '127.0.0.1');
  open.push(socket);
  let told = '';
  socket.on('data', (chunk) => (told += String(chunk))).on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return told;
}

const head = (token: string, ...more: string[]) => [
  'POST /v1/teams HTTP/1.1',
  'host: x',
  `authorization: Bearer ${token}`,
  'content-type: application/json',
  ...more,
];

describe('a request that stops halfway', () => {
  it('is ended, with a problem that says so', async () => {
    const { token } = sluice;
    const whole = (lines: string[], body: string) => `${lines.join('\r\n')}\r\n\r\n${body}`;
    const [headers, body, chunks] = await Promise.all([
      halfSent(head(token).join('\r\n')),
      halfSent(whole(head(token, 'content-length: 100'), '{"name": "half')),
      halfSent(whole(head(token, 'transfer-encoding: chunked'), 'f\r\n{"name": "half"\r\n')),
    ]);
    for (const told of [headers, body, chunks]) {
      expect(told).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
      expect(told).toContain('the request did not come to its end');
    }
  });

  it('is ended too where it was answered before its body came', async () => {
    const told = await halfSent(`${head('nobody', 'content-length: 100').join('\r\n')}\r\n\r\n{`);
    expect(told).toMatch(/^HTTP\/1.1 401 /);
  });

  it('is ended too where what it asks for was answered before, and is answered again', async () => {
    const path = '/v1/environments/dev/bundles/1/manifests.yaml';
    const asked = { authorization: `Bearer ${sluice.token}`, 'if-none-match': '*' };
    for (let n = 0; n < 2; n++) await sluice.request.get(path).set(asked).set('accept-encoding', '').expect(304);
    const lines = Object.entries({ host: 'x', ...asked, 'accept-encoding': '', 'content-length': '100' });
    const told = await halfSent(
      `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{`,
    );
    expect(told).toMatch(/^HTTP\/1.1 304 /);
  });

  it('is no request that takes its time: a body that comes in pieces, each within the pause', async () => {
    const socket = connect(Number(new URL(sluice.url).port), '127.0.0.1');
    open.push(socket);
    const text = '{"name": "slow"}';
    socket.write(`${head(sluice.token, `content-length: ${text.length}`).join('\r\n')}\r\n\r\n`);
    for (const piece of text.match(/.{1,4}/g)!) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, SHORT.bodyPauseMs / 2));
    }
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 201 /);
  });

  it('is over within fifteen seconds, as the limits stand', () => {
    expect(TIMEOUTS.headersMs + TIMEOUTS.checkMs).toBeLessThan(15_000);
    expect(2 * TIMEOUTS.bodyPauseMs + 200).toBeLessThan(15_000);
  });
});
