import { setTimeout as wait } from 'node:timers/promises';
import { newSecret } from '../../src/platform/auth/token-secret.js';
import { objectionsToReply } from '../checks/reply.js';
import type { Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { Client } from '../wire/client.js';

export const tokens: Part = {
  name: 'tokens',
  about: 'tokens that are nearly right',
  run,
};

type Miss = readonly [name: string, authorization: string | string[]];

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;
const bearer = (secret: string) => `Bearer ${secret}`;

/** All that is nearly this token, and is none. */
function missesOf(token: string): Miss[] {
  const last = token.at(-1) === 'A' ? 'B' : 'A';
  const swapped = [...token].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
  return [
    ['nothing', ''],
    ['a scheme alone', 'Bearer'],
    ['a scheme and a blank', 'Bearer '],
    ['the token alone', token],
    ['another scheme', `Token ${token}`],
    ['a wrong checksum', bearer(token.slice(0, -1) + last)],
    ['a wrong character', bearer(`${token.slice(0, 10)}${token[10] === 'x' ? 'y' : 'x'}${token.slice(11)}`)],
    ['cut off', bearer(token.slice(0, -1))],
    ['one character more', bearer(`${token}A`)],
    ['another prefix', bearer(`SLC_${token.slice(4)}`)],
    ['upper for lower case', bearer(swapped)],
    ['all lower case', bearer(token.toLowerCase())],
    ['a blank within', bearer(`${token.slice(0, 12)} ${token.slice(12)}`)],
    ['a word behind', bearer(`${token} x`)],
    ['a comma behind', bearer(`${token}, ${bearer(token)}`)],
    ['quotes around', bearer(`"${token}"`)],
    ['a tab behind the scheme', `Bearer\t${token}`],
    ['a no-break space', `Bearer \u00a0${token}`],
    ['a look-alike, in bytes of UTF-8', bearer(Buffer.from(token.replace('c', '\u0441')).toString('latin1'))],
    ['four thousand characters', bearer(token.repeat(100))],
    ['well formed and unknown', bearer(newSecret())],
    ['as the name of Basic', basic(`${token}:`)],
    ['Basic with NUL', basic(`ci:${token}\u0000`)],
    [
      'Basic with bytes that are no UTF-8',
      basic(Buffer.concat([Buffer.from('ci:'), Buffer.from([0xff, 0xfe]), Buffer.from(token)])),
    ],
    ['Basic that is no Base64', `Basic ${token}`],
    ['Basic with nothing', 'Basic '],
    ['two of them, the wrong one first', [bearer(newSecret()), bearer(token)]],
  ];
}

/** What is the token all the same: the case of a scheme says nothing (RFC 9110 section 11.1), nor does the name beside a password. */
function rightsOf(token: string): Miss[] {
  return [
    ['lower case of the scheme', `bearer ${token}`],
    ['upper case of the scheme', `BEARER ${token}`],
    ['Basic', basic(`anyone:${token}`)],
    ['two of them, the right one first: Node gives the first one', [bearer(token), bearer(newSecret())]],
    ['basic', basic(`:${token}`).replace('Basic', 'basic')],
  ];
}

async function run(target: Target): Promise<Outcome> {
  const client = new Client(target);
  const failures: string[] = [];
  const hold = async ([name, authorization]: Miss, status: number, path = '/v1/teams') => {
    const ask = { method: 'GET', path, headers: { authorization } };
    const reply = await client.send(ask);
    const found = [
      ...objectionsToReply(ask, reply),
      ...(reply.status === status ? [] : [`a ${reply.status}, not a ${status}`]),
    ];
    failures.push(...found.map((objection) => `${name}: ${objection}`));
  };
  try {
    for (const miss of missesOf(target.token)) await hold(miss, 401);
    for (const right of rightsOf(target.token)) await hold(right, 200);
    const expired = await tokenFor(client, { scopes: ['read'], expiresAt: new Date(Date.now() + 1_500).toISOString() });
    const bound = await tokenFor(client, { scopes: ['publish'], environment: 'dev' });
    const gone = await tokenFor(client, { scopes: ['admin'] });
    await hold(['a token that lives', bearer(gone.token)], 200);
    await client.send({ method: 'DELETE', path: `/v1/tokens/${gone.id}`, headers: {} });
    await hold(['a revoked token', bearer(gone.token)], 401);
    await hold(
      ["a token of another environment, for this one's versions", bearer(bound.token)],
      403,
      '/v1/environments/prod/bundles',
    );
    await hold(['a token that may not see tokens', bearer(bound.token)], 403, '/v1/tokens');
    await wait(1_600);
    await hold(['an expired token', bearer(expired.token)], 401);
    for (const { id } of [expired, bound])
      await client.send({ method: 'DELETE', path: `/v1/tokens/${id}`, headers: {} });
  } finally {
    client.close();
  }
  return { tried: client.sent, failures };
}

async function tokenFor(client: Client, input: object): Promise<{ id: string; token: string }> {
  const name = `attack-${Math.random().toString(36).slice(2)}`;
  const headers = { 'Content-Type': 'application/json' };
  const { body } = await client.send({
    method: 'POST',
    path: '/v1/tokens',
    headers,
    body: JSON.stringify({ name, ...input }),
  });
  const { id, token, secret } = JSON.parse(body) as { id: string; token?: string; secret?: string };
  return { id, token: token ?? secret ?? '' };
}
