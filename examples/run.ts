import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Estate, isFields, readEstate, saysAlready, type Wanted, wantedObjects } from './estate.js';
import { type Ask, connect, type Reply } from './server.js';

/**
 * `npm run example -- <name>`: loads examples/<name>/estate.yaml into a running server by its public API, publishes every
 * environment, prints the overview of the first and what differs between the first and the last. Run again it changes nothing.
 */
export async function main(args: string[]): Promise<void> {
  try {
    await load(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function load([name]: readonly string[]): Promise<void> {
  const estate = readEstate(readFileSync(estateFile(name), 'utf8'));
  const ask = connect(`example ${name ?? ''}`);
  await putAll(ask, wantedObjects(estate));
  for (const environment of environmentsOf(estate)) await publish(ask, environment);
  await show(ask, estate);
}

function estateFile(name: string | undefined): string {
  const names = readdirSync('examples').filter((entry) => existsSync(join('examples', entry, 'estate.yaml')));
  if (name !== undefined && names.includes(name)) return join('examples', name, 'estate.yaml');
  throw new Error(`${name === undefined ? 'which example' : `no example "${name}"`}? (have: ${names.join(', ')})`);
}

async function putAll(ask: Ask, wanted: readonly Wanted[]): Promise<void> {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const one of wanted) counts[await put(ask, one)]++;
  console.log(
    `${wanted.length} objects: ${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged`,
  );
}

/** Creates what is not there, replaces what differs under the ETag it was read with, and leaves the rest alone. */
async function put(ask: Ask, { path, body }: Wanted): Promise<'created' | 'updated' | 'unchanged'> {
  const standing = await ask('GET', path, { allowed: [404] });
  if (standing.status === 404) {
    await ask('PUT', path, { body, headers: { 'if-none-match': '*' } });
    return 'created';
  }
  if (saysAlready(standing.body, body)) return 'unchanged';
  await ask('PUT', path, { body, headers: { 'if-match': standing.etag ?? '*' } });
  return 'updated';
}

async function publish(ask: Ask, environment: string): Promise<void> {
  const { status, body } = await ask('POST', `/v1/environments/${environment}/bundles`, { body: {} });
  const what = status === 201 ? 'published as' : 'has not changed since';
  console.log(`${environment} ${what} version ${String(body['version'])} (${String(body['digest'])})`);
}

async function show(ask: Ask, estate: Estate): Promise<void> {
  const environments = environmentsOf(estate);
  const [first, last] = [environments[0], environments.at(-1)];
  if (first === undefined || last === undefined) return;
  const overview = await ask('GET', `/v1/environments/${first}/bundles/latest/overview.txt`);
  console.log(`\n${overview.text}`);
  if (first === last) return;
  const diff = await ask('GET', `/v1/environments/${first}/bundles/latest/diff/latest?environment=${last}`);
  console.log(`From ${first} to ${last}\n${diffText(diff.body).join('\n')}`);
}

/**
 * The changes of a diff, a line each: the flows first, as they are what changed; then the objects that say so.
 * @example diffText({ flows: [{ kind: 'flow-added', flow: 'web-to-api', after: 'TCP 80' }], objects: [] }) // ['flow-added web-to-api', '  + TCP 80']
 */
export function diffText(diff: Reply['body']): string[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isFields) : []);
  const flows = list(diff['flows']).flatMap(({ kind, flow, before, after }) => [
    `${String(kind)} ${String(flow)}`,
    ...(before === undefined ? [] : [`  - ${String(before)}`]),
    ...(after === undefined ? [] : [`  + ${String(after)}`]),
  ]);
  const objects = list(diff['objects']).map(({ kind, namespace, name }) => {
    return `${String(kind)} NetworkPolicy ${String(namespace)}/${String(name)}`;
  });
  const lines = [...flows, ...objects];
  return lines.length === 0 ? ['no difference'] : lines;
}

function environmentsOf(estate: Estate): string[] {
  return estate.environments.map(({ name }) => String(name));
}
