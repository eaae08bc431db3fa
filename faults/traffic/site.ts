import { type HttpClient, jsonOf } from './http.js';

/** How much there is to publish, and by how many. */
export interface SiteSize {
  readonly writers: number;
  /** Environments that one writer alone publishes. */
  readonly ownEach: number;
  /** Environments that all publish. */
  readonly shared: number;
}

export interface Site {
  readonly applications: readonly string[];
  /** By writer. */
  readonly own: readonly (readonly string[])[];
  readonly shared: readonly string[];
  readonly environments: readonly string[];
}

/** The label that one write of a writer gives its pods: what is published of it can be told by its content alone. */
export function markLabel(writer: number, mark: number): string {
  return `m${writer}-${mark}`;
}

/** Which mark of each application some YAML has; several of one application are a snapshot that never was. */
export function marksIn(yaml: string): Map<string, number> {
  const marks = new Map<string, number>();
  for (const [, writer, mark] of yaml.matchAll(/\bm(\d+)-(\d+)\b/g)) {
    const application = applicationOf(Number(writer));
    const known = marks.get(application);
    marks.set(application, known === undefined || known === Number(mark) ? Number(mark) : NaN);
  }
  return marks;
}

export function applicationOf(writer: number): string {
  return `app-${writer}`;
}

export function siteOf({ writers, ownEach, shared: sharedCount }: SiteSize): Site {
  const own = numbers(writers).map((writer) => numbers(ownEach).map((n) => `own-${writer}-${n}`));
  const shared = numbers(sharedCount).map((n) => `shared-${n}`);
  return { applications: numbers(writers).map(applicationOf), own, shared, environments: [...own.flat(), ...shared] };
}

/** Fills an empty server: an application a writer, placed in the environments that it publishes, each of which gets its first version. */
export async function makeSite(client: HttpClient, { own, shared, environments }: Site): Promise<void> {
  await make(client, '/v1/teams', { name: 'makers' });
  await make(client, '/v1/peers', { name: 'users', kind: 'pods', podSelector: { matchLabels: { role: 'user' } } });
  for (const name of environments) await make(client, '/v1/environments', { name });
  for (const [writer, alone] of own.entries()) await makeApplication(client, writer, [...alone, ...shared]);
  for (const name of environments) await make(client, `/v1/environments/${name}/bundles`, { message: 'the first' });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

async function makeApplication(client: HttpClient, writer: number, environments: readonly string[]): Promise<void> {
  const name = applicationOf(writer);
  await make(client, '/v1/applications', { name, team: 'makers' });
  const ports = [{ name: 'main', protocol: 'TCP', port: 8080 }];
  await make(client, `/v1/applications/${name}/tiers`, {
    name: 'web',
    podSelector: { matchLabels: { app: markLabel(writer, 0) } },
    ports,
  });
  await make(client, '/v1/flows', {
    name: `users-to-${name}`,
    from: { peer: 'users' },
    to: { tier: `${name}/web` },
    ports: ['main'],
  });
  for (const environment of environments) {
    const path = `/v1/environments/${environment}/placements/${name}`;
    await made(
      client.send({
        method: 'PUT',
        path,
        headers: { 'if-none-match': '*', 'sluice-reason': 'the site' },
        body: { namespace: name },
      }),
      path,
    );
  }
}

function make(client: HttpClient, path: string, body: object): Promise<void> {
  return made(client.send({ method: 'POST', path, headers: { 'sluice-reason': 'the site' }, body }), path);
}

async function made(reply: ReturnType<HttpClient['send']>, path: string): Promise<void> {
  const got = await reply;
  if (got.kind === 'answer' && got.status === 201) return;
  throw new Error(
    `the site cannot be made: ${path} gave ${got.kind === 'answer' ? JSON.stringify(jsonOf(got.body)) : got.why}`,
  );
}
