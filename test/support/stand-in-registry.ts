import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { referrersIndex } from '../../src/domain/oci/referrers.js';
import { type MadeRelease, RELEASE_KEY } from './releases.js';

/** What a request is answered with. */
export interface Reply {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A registry that lies when it is told to: what a pull must withstand, no honest server would send. The honest one is the server itself
 * (test/api/command-line.test.ts).
 */
export interface StandInRegistry {
  readonly url: string;
  /** Every path that was asked for, with the authorization that came along. */
  readonly asked: { path: string; authorization: string | undefined }[];
  releases: readonly MadeRelease[];
  latest: number;
  /** Changes an answer; gives nothing where the connection is to break. */
  twist: (path: string, reply: Reply) => Reply | undefined;
  /** What an answer waits for. */
  hold: (path: string) => Promise<void>;
  /** The PEM that it shows. */
  keys: string;
  close(): Promise<void>;
}

export async function startStandIn(): Promise<StandInRegistry> {
  const server = createServer((request, response) => void answer(standIn, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const standIn: StandInRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    releases: [],
    latest: 0,
    twist: (_path, reply) => reply,
    hold: () => Promise.resolve(),
    keys: RELEASE_KEY.publicPem,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return standIn;
}

async function answer(standIn: StandInRegistry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  standIn.asked.push({ path, authorization: request.headers.authorization });
  const reply = standIn.twist(path, honest(standIn, path, request.headers['if-none-match']));
  await standIn.hold(path);
  if (reply === undefined) return void request.socket.destroy();
  response.writeHead(reply.status, reply.headers).end(reply.bytes);
}

const NONE: Reply = {
  status: 404,
  bytes: Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"it is not there"}]}'),
};

function honest({ releases, latest, keys }: StandInRegistry, path: string, have: string | undefined): Reply {
  if (path === '/v2/') return { status: 200, bytes: Buffer.from('{}') };
  if (path === '/.well-known/sluice/cosign.pub') return keys === '' ? NONE : { status: 200, bytes: Buffer.from(keys) };
  const [, kind, reference = ''] = /^\/v2\/sluice\/[^/]+\/(manifests|blobs|referrers)\/([^/?]+)/.exec(path) ?? [];
  if (kind === 'referrers') return { status: 200, bytes: referrersOf(releases, reference) };
  const tagged = releases.find(
    ({ version }) => reference === `v${version}` || (reference === 'latest' && version === latest),
  );
  const digest = tagged?.digest ?? reference;
  if (have === `"${digest}"`) return { status: 304, bytes: Buffer.alloc(0) };
  for (const { entries, layer } of releases) {
    const entry = entries.find((one) => one.digest === digest || one.tag === digest);
    if (entry !== undefined) return { status: 200, bytes: entry.bytes ?? layer };
  }
  return NONE;
}

function referrersOf(releases: readonly MadeRelease[], subject: string): Uint8Array {
  const entries = releases.flatMap((one) => one.entries);
  const about = entries.flatMap((entry) => (entry.about?.subject === subject ? [{ ...entry, ...entry.about }] : []));
  return referrersIndex(about).bytes;
}
