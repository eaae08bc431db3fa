import { setTimeout as wait } from 'node:timers/promises';
import { type Asked, type HttpClient, jsonOf } from '../traffic/http.js';
import { fetched } from '../traffic/reader.js';
import { marksIn, type Site } from '../traffic/site.js';
import type { FinalChange, FinalState, FinalVersion } from './check.js';

const TRIES = 40;
const BETWEEN_TRIES_MS = 250;
const AT_ONCE = 8;
const PAGE = 500;

/** Reads all that is there through the servers, once they are ready; a page from the one, the next from the other. */
export async function readFinalState(
  clients: readonly HttpClient[],
  site: Site,
  readyWithinMs: number,
): Promise<FinalState> {
  const unready = (
    await Promise.all(clients.map((client, n) => readiness(client, `server-${n + 1}`, site, readyWithinMs)))
  ).flat();
  if (unready.length === clients.length) return { versions: new Map(), changes: [], marks: new Map(), unready };
  const ready = clients.filter((_, n) => !unready.some((said) => said.startsWith(`server-${n + 1} `)));
  const read = readerOf(ready);
  const versions = new Map<string, FinalVersion[]>();
  for (const environment of site.environments) versions.set(environment, await versionsOf(read, environment));
  const marks = new Map<string, number>();
  for (const application of site.applications) {
    const { body } = await read(`/v1/applications/${application}/tiers/web`);
    marks.set(application, marksIn(body.toString()).get(application) ?? NaN);
  }
  return { versions, changes: await changesOf(read), marks, unready };
}

type Read = (path: string) => Promise<{ status: number; body: Buffer }>;

/** Gives what a server says against being ready: by `/readyz`, and by a publish that changes nothing. */
async function readiness(client: HttpClient, name: string, site: Site, readyWithinMs: number): Promise<string[]> {
  const probes: [what: string, asked: Asked][] = [
    ['says that it is not ready', { method: 'GET', path: '/readyz', timeoutMs: 5_000 }],
    ...site.shared
      .slice(0, 1)
      .map((environment): [string, Asked] => [
        'does not publish',
        { method: 'POST', path: `/v1/environments/${environment}/bundles?dryRun=true`, body: {}, timeoutMs: 15_000 },
      ]),
  ];
  const said: string[] = [];
  for (const [what, asked] of probes) {
    const deadline = Date.now() + readyWithinMs;
    let last = '';
    for (;;) {
      const reply = await client.send(asked);
      if (reply.kind === 'answer' && reply.status < 300) break;
      last = reply.kind === 'answer' ? `${reply.status} ${reply.body.toString().slice(0, 200)}` : reply.why;
      if (Date.now() > deadline) {
        said.push(`${name} ${what} ${readyWithinMs / 1000} s after all was healed: ${last}`);
        break;
      }
      await wait(BETWEEN_TRIES_MS);
    }
  }
  return said;
}

function readerOf(clients: readonly HttpClient[]): Read {
  let turn = 0;
  return async (path) => {
    let why = '';
    for (let tries = 0; tries < TRIES; tries++) {
      const reply = await clients[turn++ % clients.length]!.send({ method: 'GET', path });
      if (reply.kind === 'answer') return reply;
      ({ why } = reply);
      await wait(BETWEEN_TRIES_MS);
    }
    throw new Error(`${path} cannot be read when all is healed: ${why}`);
  };
}

async function pages(read: Read, path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const { body } = await read(`${path}?pageSize=${PAGE}${token && `&pageToken=${token}`}`);
    const page = jsonOf(body) as { items: Record<string, unknown>[]; nextPageToken?: string };
    items.push(...page.items);
    token = page.nextPageToken;
  }
  return items;
}

async function versionsOf(read: Read, environment: string): Promise<FinalVersion[]> {
  const listed = await pages(read, `/v1/environments/${environment}/bundles`);
  const versions: FinalVersion[] = [];
  const rest = listed.reverse() as unknown as Omit<FinalVersion, 'fetched' | 'environment'>[];
  for (let from = 0; from < rest.length; from += AT_ONCE) {
    const slice = rest.slice(from, from + AT_ONCE).map(async (line) => {
      const { status, body } = await read(`/v1/environments/${environment}/bundles/${line.version}/manifests.yaml`);
      const sight = { environment, version: line.version, digest: line.digest };
      const { message, reason, publishedBy } = line;
      return { ...sight, ...{ message, reason, publishedBy }, fetched: fetched(sight, status, body) } as FinalVersion;
    });
    versions.push(...(await Promise.all(slice)));
  }
  return versions;
}

async function changesOf(read: Read): Promise<FinalChange[]> {
  const entries = (await pages(read, '/v1/changes')) as unknown as (FinalChange & { after?: object })[];
  return entries
    .map(({ revision, actor, reason, resource, name, action, after }) => {
      const [mark] = resource === 'tier' ? [...marksIn(JSON.stringify(after ?? {})).values()] : [];
      return { revision, resource, name, action, ...{ actor, reason, mark } } as FinalChange;
    })
    .sort((a, b) => a.revision - b.revision);
}
