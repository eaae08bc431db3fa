import { setTimeout as wait } from 'node:timers/promises';
import { type Asked, type HttpClient, jsonOf } from '../traffic/http.js';
import { fetched } from '../traffic/reader.js';
import { marksIn, type Site } from '../traffic/site.js';
import type { FinalChange, FinalState, FinalVersion } from './check.js';

/** What is read again and again is read in the end, or is a find. */
const TRIES = 12;
const BETWEEN_TRIES_MS = 250;
const AT_ONCE = 8;
const PAGE = 500;

/** Reads all that is there through the servers, once they are ready; a page from the one, the next from the other. */
export async function readFinalState(
  clients: readonly HttpClient[],
  site: Site,
  readyWithinMs: number,
): Promise<FinalState> {
  const said = await Promise.all(clients.map((client) => readiness(client, site, readyWithinMs)));
  const unready = said.flatMap((what, n) => (what === undefined ? [] : [`server-${n + 1} ${what}`]));
  const ready = clients.filter((_, n) => said[n] === undefined);
  const nothing: FinalState = { versions: new Map(), changes: [], marks: new Map(), unready };
  if (ready.length === 0) return nothing;
  try {
    return { ...(await readAll(readerOf(ready), site)), unready };
  } catch (error) {
    return { ...nothing, unready: [...unready, (error as Error).message] };
  }
}

async function readAll(read: Read, site: Site): Promise<Omit<FinalState, 'unready'>> {
  const versions = new Map<string, FinalVersion[]>();
  for (const environment of site.environments) versions.set(environment, await versionsOf(read, environment));
  const marks = new Map<string, number>();
  for (const application of site.applications) {
    const { body } = await hold(read, `/v1/applications/${application}/tiers/web`);
    marks.set(application, marksIn(body.toString()).get(application) ?? NaN);
  }
  return { versions, changes: await changesOf(read), marks };
}

/** Gives what a server says in the end, whether that is what was asked for or not; status 0: nothing. */
type Read = (path: string) => Promise<{ status: number; body: Buffer }>;

/** Gives what speaks against a server being ready, by `/readyz` and by a publish that changes nothing; nothing where it is. */
async function readiness(client: HttpClient, { shared }: Site, withinMs: number): Promise<string | undefined> {
  const path = `/v1/environments/${shared[0]!}/bundles?dryRun=true`;
  const probes: [what: string, asked: Asked][] = [
    ['says that it is not ready', { method: 'GET', path: '/readyz', timeoutMs: 5_000 }],
    ['does not publish', { method: 'POST', path, body: {}, timeoutMs: 15_000 }],
  ];
  for (const [what, asked] of probes) {
    const last = await untilWell(client, asked, withinMs);
    if (last !== undefined) return `${what} ${withinMs / 1000} s after all was healed: ${last}`;
  }
  return undefined;
}

/** Gives the last reply where none was good. */
async function untilWell(client: HttpClient, asked: Asked, withinMs: number): Promise<string | undefined> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const reply = await client.send(asked);
    if (reply.kind === 'answer' && reply.status < 300) return undefined;
    if (Date.now() > deadline)
      return reply.kind === 'answer' ? `${reply.status} ${reply.body.toString().slice(0, 200)}` : reply.why;
    await wait(BETWEEN_TRIES_MS);
  }
}

function readerOf(clients: readonly HttpClient[]): Read {
  let turn = 0;
  return async (path) => {
    for (let tries = 1; ; tries++) {
      const reply = await clients[turn++ % clients.length]!.send({ method: 'GET', path });
      if (reply.kind === 'answer') return reply;
      if (tries === TRIES) return { status: 0, body: Buffer.from(reply.why) };
      await wait(BETWEEN_TRIES_MS);
    }
  };
}

/** What must be readable, or there is nothing to judge. */
async function hold(read: Read, path: string): ReturnType<Read> {
  const reply = await read(path);
  if (reply.status === 200) return reply;
  throw new Error(`${path} cannot be read when all is healed: ${reply.status} ${reply.body.toString().slice(0, 200)}`);
}

async function pages(read: Read, path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const { body } = await hold(read, `${path}?pageSize=${PAGE}${token && `&pageToken=${token}`}`);
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
